package io.migr.model;

import java.util.List;

/**
 * The features of one clip, before any model-specific preprocessing.
 *
 * @param frames at most 8 uniformly sampled JPEG pictures in time order; empty: there are no pictures
 * @param logMel log-mel energies {@code [bins][frames]}, 10 ms hop, Whisper's scale; null: no audio
 * @param voiceActive false: there is audio, but nobody speaks in it, so the voice is not used
 */
public record ClipInput(List<byte[]> frames, float[][] logMel, boolean voiceActive) {
    /** Somebody is assumed to speak from this share of windows with speech on. */
    public static final float VOICE_ACTIVITY = 0.02f;

    public ClipInput {
        frames = List.copyOf(frames);
        if (frames.isEmpty() && logMel == null) {
            throw new IllegalArgumentException("A clip needs frames or a log-mel; this one has neither.");
        }
    }
}
