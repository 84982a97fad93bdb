package io.migr.model;

/** What an explanation block speaks of. */
public enum Modality {
    VISUAL,
    AUDIO
}
