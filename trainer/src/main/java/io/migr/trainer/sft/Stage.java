package io.migr.trainer.sft;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernels;
import io.migr.engine.TensorOperations;
import io.migr.engine.Weights.Declaration;
import io.migr.engine.Weights;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;


/** One stage of base training: what is trained, on what, towards what. */
public interface Stage {

    /** Names its files, e.g. {@code vision}. */
    String name();

    /** The parameters that it needs. */
    Map<String, Declaration> manifest();

    /** Those that it changes; the rest come from earlier stages. */
    Predicate<String> trainable();

    /** Binds the stage to parameters. */
    Bound bind(Weights weights, Kernels kernels);

    /** A stage over parameters. */
    interface Bound {
        /**
         * The loss of one batch and its parts, under autograd.
         *
         * @param random decides the batch and its augmentation
         */
        Loss loss(NDManager scope, SplittableRandom random) throws IOException;

        /** Measures on held-out clips, by name, without gradients; every value is better when higher. */
        Map<String, Double> validate(NDManager scope) throws IOException;
    }

    /** A scalar to descend and named parts of it for the journal. */
    record Loss(NDArray total, Map<String, NDArray> parts) {
        /** The sum of named parts. */
        public static Loss of(Kernels kernels, NDManager scope, Map<String, NDArray> parts) {
            NDArray total =
                    TensorOperations.total(kernels, scope, parts.values().toArray(NDArray[]::new));
            return new Loss(total, new LinkedHashMap<>(parts));
        }
    }
}
