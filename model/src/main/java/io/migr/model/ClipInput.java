package io.migr.model;

import java.util.List;

/**
 * The features of one clip, before any model-specific preprocessing.
 *
 * @param frames at most 8 uniformly sampled JPEG pictures in time order; empty: there are no pictures
 * @param logMel log-mel energies {@code [bins][frames]}, 10 ms hop, Whisper's scale; null: there is no sound
 * @param voiceActive false: nobody speaks in the sound, so the model does not use it
 * @param cues what was measured in the clip, for models that read this in place of pictures and sound; null: unknown
 */
public record ClipInput(List<byte[]> frames, float[][] logMel, boolean voiceActive, CueReading cues) {
    /** The lowest share of windows with speech, 0..1, at which a clip counts as one in which somebody speaks. */
    public static final float VOICE_ACTIVITY = 0.02f;

    public ClipInput {
        frames = List.copyOf(frames);
        if (frames.isEmpty() && logMel == null && cues == null) {
            throw new IllegalArgumentException("A clip needs frames, a log-mel or cues; this one has none of them.");
        }
    }

    /** A clip of which nothing was measured. */
    public ClipInput(List<byte[]> frames, float[][] logMel, boolean voiceActive) {
        this(frames, logMel, voiceActive, null);
    }

    /** Whether there are pictures, or a face that was measured in them. */
    public boolean hasPictures() {
        return !frames.isEmpty() || cues != null && cues.hasFace();
    }

    /** Whether there is sound, or a voice that was measured in it. */
    public boolean hasSound() {
        return logMel != null || cues != null && cues.hasVoice();
    }

    /** A clip of which only what was measured is known. */
    public static ClipInput of(CueReading cues) {
        return new ClipInput(List.of(), null, false, cues);
    }
}
