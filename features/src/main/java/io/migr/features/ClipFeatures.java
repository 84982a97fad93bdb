package io.migr.features;

import java.util.List;

/**
 * What was found in one clip.
 *
 * @param durationMs length of the longer track, ms
 */
public record ClipFeatures(int durationMs, Visual visual, Audio audio) {

    /** A picture at a time within the clip, upright, aspect kept, long side at most 448 pixels. */
    public record Frame(int timeMs, byte[] jpeg) {}

    /**
     * The visual half.
     *
     * @param absentReason null when present, else why there is no usable picture
     * @param frames at most 8, uniformly sampled, in time order; empty when absent
     */
    public record Visual(String absentReason, List<Frame> frames) {
        public Visual {
            frames = List.copyOf(frames);
        }

        public boolean present() {
            return absentReason == null;
        }
    }

    /**
     * The audio half.
     *
     * @param absentReason null when present, else why there is no usable sound
     * @param logMel {@code [128][frames]}, 10 ms hop, Whisper's scale over the clip; empty when absent
     * @param prosody null when absent
     */
    public record Audio(String absentReason, float[][] logMel, Prosody prosody) {
        public boolean present() {
            return absentReason == null;
        }
    }
}
