package io.migr.evaluation.readers;

import io.migr.model.Emotion;

/** The part of an explanation that j is read from. */
public enum ExplanationPart {
    /** The weighing block alone. */
    THINK,
    /** All blocks together. */
    WHOLE,
    /** The first assertion anywhere. */
    FIRST;

    /** j, or null if nothing is asserted. */
    public Emotion of(Statement statement) {
        return switch (this) {
            case THINK -> statement.think();
            case WHOLE -> statement.whole();
            case FIRST -> statement.first();
        };
    }

    /** Whether the reader that made the statement reads such parts at all. */
    public boolean read(Statement statement) {
        return this == WHOLE || statement.asserted() != null;
    }
}
