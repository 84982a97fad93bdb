package io.migr.evaluation.benchmark;

import java.nio.file.Path;

/** The published benchmarks that models can be evaluated on. */
public enum Benchmark {
    /** Dynamic Facial Expression in the Wild, seven emotions, {@link Dfew}. */
    DFEW,
    /** Multi-modal Affective database in the Wild, eleven emotions, {@link Mafw}. */
    MAFW;

    /** Number of folds of either benchmark. */
    public static final int FOLDS = 5;

    /** The fold for which MIGR and related methods publish their results. */
    public static final int USUAL_FOLD = 5;

    /**
     * Lists the test clips of a fold. Missing videos and faults in the fold file are problems of the listing.
     *
     * @param root the folder that contains the benchmark
     * @param fold 1 to {@value #FOLDS}
     * @throws IllegalArgumentException if there is no such fold
     * @throws java.io.UncheckedIOException if a folder of videos cannot be read
     */
    public FoldListing list(Path root, int fold) {
        if (fold < 1 || fold > FOLDS) {
            throw new IllegalArgumentException("The folds of " + this + " are 1 to " + FOLDS + ", not " + fold + ".");
        }
        return switch (this) {
            case DFEW -> Dfew.list(root, fold);
            case MAFW -> Mafw.list(root, fold);
        };
    }
}
