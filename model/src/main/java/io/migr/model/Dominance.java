package io.migr.model;

/** Which modality counted most; balanced: neither, within the tolerance. */
public enum Dominance {
    VISUAL,
    AUDIO,
    BALANCED;

    /** The modality that leads; null: neither does, so either may come first. */
    public Modality modality() {
        return switch (this) {
            case VISUAL -> Modality.VISUAL;
            case AUDIO -> Modality.AUDIO;
            case BALANCED -> null;
        };
    }
}
