package io.migr.lab.base;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernels;
import io.migr.engine.Weights;
import io.migr.trainer.sft.ClipLibrary;
import io.migr.trainer.sft.StageExamples;
import io.migr.trainer.sft.TrainingStage;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * A stage that trains one tower together with its head: on batches of training clips drawn at random, measured on whole
 * batches of validation clips. It changes every parameter that it needs.
 *
 * @param <B> a batch: what the tower reads of some clips, and what is true of them
 */
abstract class TowerStage<B> implements TrainingStage {
    private static final int VALIDATION_CLIPS = 480;

    private final String name;
    private final int clips;
    private final StageExamples examples;

    /**
     * A stage.
     *
     * @param clips of a batch
     */
    TowerStage(String name, int clips, StageExamples examples) {
        this.name = name;
        this.clips = clips;
        this.examples = examples;
    }

    /** The tower and its head over parameters. */
    interface Reader<B> {
        /** The losses of a batch, by name, under autograd. */
        Map<String, NDArray> losses(NDManager scope, B batch);

        /** Scores with nothing counted yet. */
        Scores<B> scores();
    }

    /** Adds up how well batches are read. */
    interface Scores<B> {
        /** Reads a batch, without gradients, and counts it. */
        void add(NDManager scope, B batch);

        /** The scores by name, each better when higher, over the number of clips that were read. */
        Map<String, Double> values(int clips);
    }

    /** A batch of clips that {@code random} picks among the first {@code count} of a library, and changes. */
    abstract B draw(ClipLibrary library, int count, SplittableRandom random) throws IOException;

    /** A batch of the clips of a library from {@code from} on, as they are. */
    abstract B take(ClipLibrary library, int from) throws IOException;

    /** Puts the tower and its head over parameters. */
    abstract Reader<B> reader(Weights weights, Kernels kernels);

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Predicate<String> trainable() {
        return parameter -> true;
    }

    @Override
    public final Bound bind(Weights weights, Kernels kernels) {
        Reader<B> reader = reader(weights, kernels);
        return new Bound() {
            @Override
            public Loss loss(NDManager scope, SplittableRandom random) throws IOException {
                B batch = draw(examples.training(), examples.count(), random);
                return Loss.of(kernels, scope, reader.losses(scope, batch));
            }

            @Override
            public Map<String, Double> validate(NDManager scope) throws IOException {
                Scores<B> scores = reader.scores();
                int looked = examples.validationClips(VALIDATION_CLIPS, clips);
                for (int from = 0; from < looked; from += clips) {
                    B batch = take(examples.validation(), from);
                    try (NDManager step = scope.newSubManager()) {
                        scores.add(step, batch);
                    }
                }
                return scores.values(looked);
            }
        };
    }
}
