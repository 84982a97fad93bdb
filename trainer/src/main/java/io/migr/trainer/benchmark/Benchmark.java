package io.migr.trainer.benchmark;

import java.nio.file.Path;

/** A benchmark of which there is a reader. */
public enum Benchmark {
    /** Dynamic Facial Expression in the Wild, seven emotions, {@link Dfew}. */
    DFEW,
    /** Multi-modal Affective database in the Wild, eleven emotions, {@link Mafw}. */
    MAFW;

    /** Folds of both benchmarks. */
    public static final int FOLDS = 5;

    /** The fold that published results of MIGR's family are of. */
    public static final int USUAL_FOLD = 5;

    /**
     * Lists the test clips of a fold.
     *
     * @param root the folder that holds the benchmark
     * @param fold 1 to {@value #FOLDS}
     */
    public Listing list(Path root, int fold) {
        if (fold < 1 || fold > FOLDS) {
            throw new IllegalArgumentException("The folds of " + this + " are 1 to " + FOLDS + ", not " + fold + ".");
        }
        return switch (this) {
            case DFEW -> Dfew.list(root, fold);
            case MAFW -> Mafw.list(root, fold);
        };
    }
}
