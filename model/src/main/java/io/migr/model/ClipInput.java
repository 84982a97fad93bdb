package io.migr.model;

import java.util.List;


/**
 * One clip as features describe it, before any model-specific preprocessing.
 *
 * @param frames at most 8 uniformly sampled JPEG pictures in time order; empty: no picture
 * @param logMel log-mel energies {@code [bins][frames]}, 10 ms hop, Whisper's scale; null: no audio
 * @param voiceActive false: there is audio, but nobody speaks in it, so the voice cannot count
 */
public record ClipInput(List<byte[]> frames, float[][] logMel, boolean voiceActive) {
    /** From this share of windows with speech on, somebody is taken to speak. */
    public static final float VOICE_ACTIVITY = 0.02f;

    public ClipInput {
        frames = List.copyOf(frames);
        if (frames.isEmpty() && logMel == null) {
            throw new IllegalArgumentException("A clip needs frames or a log-mel, this one has neither.");
        }
    }
}
