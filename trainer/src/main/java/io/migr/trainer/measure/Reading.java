package io.migr.trainer.measure;

import io.migr.model.Emotion;

/** Which part of an explanation gives j. */
public enum Reading {
    /** The weighing block alone. */
    THINK,
    /** All blocks together. */
    WHOLE,
    /** The first assertion anywhere. */
    FIRST;

    /** j, or null where nothing is said. */
    public Emotion of(Statement statement) {
        return switch (this) {
            case THINK -> statement.think();
            case WHOLE -> statement.whole();
            case FIRST -> statement.first();
        };
    }

    /** Whether a reader that found this reads such parts at all. */
    public boolean read(Statement statement) {
        return this == WHOLE || statement.asserted() != null;
    }
}
