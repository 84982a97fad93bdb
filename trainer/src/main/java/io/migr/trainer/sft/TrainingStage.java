package io.migr.trainer.sft;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernels;
import io.migr.engine.TensorOperations;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** One stage of training: its parameters, its batches and its loss. */
public interface TrainingStage {

    /** The name used for its files, e.g. {@code vision}. */
    String name();

    /** The parameters that the stage needs, by name. */
    Map<String, Declaration> manifest();

    /** Selects the parameters that the stage trains, by name; the others are frozen. */
    Predicate<String> trainable();

    /** Binds the stage to parameters, which must be those of its manifest. */
    Bound bind(Weights weights, Kernels kernels);

    /** A stage bound to parameters. */
    interface Bound {
        /**
         * The loss of one batch and its parts, under autograd.
         *
         * @param random determines the batch and its augmentation
         */
        Loss loss(NDManager scope, SplittableRandom random) throws IOException;

        /** Computes measures on held-out clips, by name and without gradients; for each of them higher is better. */
        Map<String, Double> validate(NDManager scope) throws IOException;
    }

    /** The scalar to minimise and its named parts for the journal. */
    record Loss(NDArray total, Map<String, NDArray> parts) {
        /** The sum of named parts. */
        public static Loss of(Kernels kernels, NDManager scope, Map<String, NDArray> parts) {
            NDArray total =
                    TensorOperations.total(kernels, scope, parts.values().toArray(NDArray[]::new));
            return new Loss(total, new LinkedHashMap<>(parts));
        }
    }
}
