package io.migr.model;

/** What a clip shows and what it sounds like. */
public enum Modality {
    VISUAL,
    AUDIO
}
