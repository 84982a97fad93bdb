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
 * A stage that trains one tower together with its head on batches of random training clips, and measures it on batches
 * of validation clips. All its parameters are trainable.
 *
 * @param <B> a batch: the tower's input for some clips, and the targets
 */
abstract class TowerStage<B> implements TrainingStage {
    private static final int VALIDATION_CLIPS = 480;

    private final String name;
    private final int clips;
    private final StageExamples examples;

    /**
     * Creates a stage.
     *
     * @param clips number of clips in a validation batch
     */
    TowerStage(String name, int clips, StageExamples examples) {
        this.name = name;
        this.clips = clips;
        this.examples = examples;
    }

    /** The tower and its head, bound to parameters. */
    interface Reader<B> {
        /** The losses of a batch, by name, under autograd. */
        Map<String, NDArray> losses(NDManager scope, B batch);

        /** Scores that have not counted any batch yet. */
        Scores<B> scores();
    }

    /** Accumulates how well the tower and its head predict the targets of batches. */
    interface Scores<B> {
        /** Predicts a batch, without gradients, and counts the result. */
        void add(NDManager scope, B batch);

        /** The scores by name, for the given number of counted clips; for all of them, higher is better. */
        Map<String, Double> values(int clips);
    }

    /** A batch of clips drawn at random from the first {@code count} of a library, and augmented. */
    abstract B randomBatch(ClipLibrary library, int count, SplittableRandom random) throws IOException;

    /** A batch of consecutive clips of a library, the first being {@code from}, without augmentation. */
    abstract B batchFrom(ClipLibrary library, int from) throws IOException;

    /** Binds the tower and its head to parameters. */
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
                B batch = randomBatch(examples.training(), examples.count(), random);
                return Loss.of(kernels, scope, reader.losses(scope, batch));
            }

            @Override
            public Map<String, Double> validate(NDManager scope) throws IOException {
                Scores<B> scores = reader.scores();
                int count = examples.validationClips(VALIDATION_CLIPS, clips);
                for (int from = 0; from < count; from += clips) {
                    B batch = batchFrom(examples.validation(), from);
                    try (NDManager step = scope.newSubManager()) {
                        scores.add(step, batch);
                    }
                }
                return scores.values(count);
            }
        };
    }
}
