package io.migr.features;

import java.util.List;

/**
 * The features of one clip.
 *
 * @param durationMs length of the longer track, ms
 */
public record ClipFeatures(int durationMs, Visual visual, Audio audio) {

    /**
     * A frame and its time within the clip: upright, aspect ratio kept, long side at most 448 pixels.
     *
     * @param jpeg the picture as a file, of quality 0.9
     * @param width of the picture, pixels
     * @param height of the picture, pixels
     * @param rgb the picture as it was decoded: red, green and blue of each pixel, row by row
     */
    public record Frame(int timeMs, byte[] jpeg, int width, int height, byte[] rgb) {}

    /**
     * The visual half.
     *
     * @param absentReason why there is no usable picture; null if there is one
     * @param frames at most 8, uniformly sampled, in time order, and of a picture that stands still only the first;
     *     empty when absent
     * @param frozenMs how long the picture stood still, ms; 0 if never for {@value PictureTrack#FROZEN_SECONDS} s
     */
    public record Visual(String absentReason, List<Frame> frames, int frozenMs) {
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
     * @param absentReason why there is no usable sound; null if there is one
     * @param samples mono at 16 kHz, -1..1; empty when absent
     * @param logMel {@code [128][frames]}, 10 ms hop, Whisper's normalisation over the clip; empty when absent
     */
    public record Audio(String absentReason, float[] samples, float[][] logMel) {
        public boolean present() {
            return absentReason == null;
        }
    }
}
