package io.migr.model;

/** Which modality counted most. */
public enum Dominance {
    VISUAL,
    AUDIO,
    /** Both tell the emotion, and neither counts more, within the tolerance. */
    BALANCED,
    /** Neither face nor voice tells the emotion; only models with an evidence floor report it. */
    NEITHER;

    /** The modality that leads; null: none does, so either may come first. */
    public Modality modality() {
        return switch (this) {
            case VISUAL -> Modality.VISUAL;
            case AUDIO -> Modality.AUDIO;
            case BALANCED, NEITHER -> null;
        };
    }
}
