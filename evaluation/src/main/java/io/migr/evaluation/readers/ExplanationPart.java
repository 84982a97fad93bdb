package io.migr.evaluation.readers;

import io.migr.model.Emotion;

/** The part of an explanation that the emotion j of a metric is read from. */
public enum ExplanationPart {
    /** The weighing block alone. */
    THINK,
    /** All blocks together. */
    WHOLE,
    /** The first assertion anywhere. */
    FIRST;

    /** The emotion j that the statement has for this part; null if it has none. */
    public Emotion of(Statement statement) {
        return switch (this) {
            case THINK -> statement.think();
            case WHOLE -> statement.whole();
            case FIRST -> statement.first();
        };
    }

    /** Whether the reader that made the statement reads this part; some only read an explanation as a whole. */
    public boolean isReadIn(Statement statement) {
        return this == WHOLE || statement.asserted() != null;
    }
}
