package io.migr.evaluation.benchmark;

/**
 * A part of a benchmark that cannot be used.
 *
 * @param kind what is wrong
 * @param what the video, line or file
 * @param why the reason, for people
 */
public record BenchmarkProblem(Kind kind, String what, String why) {

    /** What is wrong. */
    public enum Kind {
        FOLD_FILE("fault in the fold file", "faults in the fold file"),
        LABEL("label outside the set", "labels outside the set"),
        MISSING_VIDEO("missing video", "missing videos"),
        UNUSABLE_VIDEO("unusable video", "unusable videos");

        private final String one;
        private final String many;

        Kind(String one, String many) {
            this.one = one;
            this.many = many;
        }

        /** The singular or plural name, depending on {@code count}. */
        public String words(long count) {
            return count == 1 ? one : many;
        }
    }

    @Override
    public String toString() {
        return kind.words(1) + ": " + what + ": " + why;
    }
}
