package io.migr.trainer.sft;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.engine.AdamW;
import io.migr.engine.Kernels;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.Weights;
import io.migr.trainer.run.Checkpoint;
import io.migr.trainer.run.Journal;
import io.migr.trainer.sft.TrainingStage.Bound;
import io.migr.trainer.sft.TrainingStage.Loss;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Runs one stage from its last checkpoint to its last step. The batch of a step is a function of the seed, the stage
 * and the step, and a checkpoint holds weights, optimiser state and step, so a run that is killed at any point and
 * resumed ends with the same weights (bit for bit on one CPU thread).
 */
public final class StageRun {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The length and learning rate schedule of a run.
     *
     * @param steps number of optimiser steps
     * @param peak highest learning rate, reached after 3 % of the steps, then a half-cosine decay to a tenth of it
     * @param every steps between checkpoints
     * @param seed determines the initial weights of new parameters and all batches
     */
    public record Plan(int steps, double peak, int every, long seed) {
        /** The learning rate of a step, counted from 0. */
        double rate(int step) {
            double warm = Math.max(1, 0.03 * steps);
            if (step < warm) {
                return peak * (step + 1) / warm;
            }
            double progress = (step - warm) / Math.max(1, steps - warm);
            return peak * (0.1 + 0.45 * (1 + Math.cos(Math.PI * progress)));
        }
    }

    private final TrainingStage stage;
    private final Plan plan;
    private final Path folder;
    private final Kernels kernels;
    private final Consumer<ObjectNode> progress;
    private final Journal journal;

    /**
     * Prepares a run.
     *
     * @param folder for the checkpoint and {@code metrics.jsonl}; must exist
     * @param progress receives metrics every 20 steps and at every checkpoint
     */
    public StageRun(TrainingStage stage, Plan plan, Path folder, Kernels kernels, Consumer<ObjectNode> progress) {
        this.stage = stage;
        this.plan = plan;
        this.folder = folder;
        this.kernels = kernels;
        this.progress = progress;
        journal = new Journal(folder.resolve("metrics.jsonl"), stage.name());
    }

    /**
     * Trains the stage to its last step.
     *
     * @param known tensors of earlier stages; parameters that are in neither these nor a checkpoint start at random
     * @return all tensors of this stage's manifest
     */
    public Map<String, Tensor> run(NDManager root, Map<String, Tensor> known) throws IOException {
        Checkpoint checkpoint = Checkpoint.of(folder.resolve(stage.name() + ".checkpoint"));
        try (Weights weights = start(root, checkpoint.weights(), known)) {
            if (checkpoint.step() < plan.steps()) {
                descend(weights, checkpoint);
            }
            return weights.tensors(false);
        }
    }

    private Weights start(NDManager root, Map<String, Tensor> saved, Map<String, Tensor> known) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (Weights fresh = Weights.random(root, stage.manifest(), new SplittableRandom(plan.seed()))) {
            fresh.tensors(false).forEach((name, tensor) -> {
                Tensor resumed = saved.get(name);
                tensors.put(name, resumed != null ? resumed : known.getOrDefault(name, tensor));
            });
        }
        return Weights.of(root, "stage " + stage.name(), tensors, stage.manifest(), name -> false);
    }

    private void descend(Weights weights, Checkpoint checkpoint) throws IOException {
        Kernels.recordGradients(true);
        journal.removeAfter(checkpoint.step());
        Bound bound = stage.bind(weights, kernels);
        try (AdamW optimiser = new AdamW(weights, stage.trainable(), kernels, AdamW.Settings.usual())) {
            checkpoint.restore(optimiser);
            ObjectNode sums = JSON.createObjectNode();
            int summed = 0;
            for (int step = checkpoint.step(); step < plan.steps(); step++) {
                SplittableRandom random =
                        new SplittableRandom(plan.seed() ^ (stage.name().hashCode() * 0x9E3779B97F4A7C15L + step));
                try (NDManager scope = weights.manager().newSubManager()) {
                    Loss loss = bound.loss(scope, random);
                    Kernels.backward(loss.total());
                    for (Map.Entry<String, NDArray> part : loss.parts().entrySet()) {
                        sums.put(
                                part.getKey(),
                                sums.path(part.getKey()).asDouble()
                                        + part.getValue().getFloat());
                    }
                    sums.put("grad_norm", sums.path("grad_norm").asDouble() + optimiser.step(plan.rate(step)));
                }
                summed++;
                int next = step + 1;
                if (next % plan.every() == 0 || next == plan.steps()) {
                    journal(weights, bound, next, sums, summed);
                    checkpoint.write(stage.name(), weights, optimiser, next, Map.of());
                    sums = JSON.createObjectNode();
                    summed = 0;
                } else if (next % 20 == 0) {
                    ObjectNode line = journal.line(next, plan.steps());
                    int count = summed;
                    sums.properties()
                            .forEach(part ->
                                    line.put(part.getKey(), part.getValue().asDouble() / count));
                    progress.accept(line);
                }
            }
        } finally {
            Kernels.recordGradients(false);
        }
    }

    private void journal(Weights weights, Bound bound, int step, ObjectNode sums, int summed) throws IOException {
        ObjectNode line = journal.line(step, plan.steps()).put("learning_rate", plan.rate(step - 1));
        sums.properties()
                .forEach(part -> line.put(part.getKey(), part.getValue().asDouble() / summed));
        Kernels.recordGradients(false);
        try (NDManager scope = weights.manager().newSubManager()) {
            bound.validate(scope).forEach((name, value) -> line.put("validation_" + name, value));
        } finally {
            Kernels.recordGradients(true);
        }
        progress.accept(line);
        journal.add(line);
    }
}
