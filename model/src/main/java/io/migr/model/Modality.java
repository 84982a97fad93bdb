package io.migr.model;

/** One of the two sources of evidence in a clip: the face in its pictures or the voice in its sound. */
public enum Modality {
    VISUAL,
    AUDIO
}
