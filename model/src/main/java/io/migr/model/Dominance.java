package io.migr.model;

/** Which modality counted most, or that neither did within the tolerance. */
public enum Dominance {
    VISUAL,
    AUDIO,
    BALANCED
}
