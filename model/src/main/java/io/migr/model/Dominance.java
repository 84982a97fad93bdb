package io.migr.model;


/** Which modality counted most, or that neither did within the tolerance. */
public enum Dominance {
    VISUAL,
    AUDIO,
    BALANCED;

    /** The modality that leads; null where neither does, so that either may come first. */
    public Modality modality() {
        return switch (this) {
            case VISUAL -> Modality.VISUAL;
            case AUDIO -> Modality.AUDIO;
            case BALANCED -> null;
        };
    }
}
