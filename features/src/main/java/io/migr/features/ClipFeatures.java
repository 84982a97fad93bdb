package io.migr.features;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
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
     * @param width of the picture, pixels
     * @param height of the picture, pixels
     * @param rgb the picture as it was decoded: red, green and blue of each pixel, row by row
     */
    public record Frame(int timeMs, int width, int height, byte[] rgb) {
        private static final float QUALITY = 0.9f;

        /** The picture as a JPEG file of quality 0.9, encoded by each call. */
        public byte[] jpeg() {
            BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
            byte[] bgr = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
            for (int i = 0; i < bgr.length; i += 3) {
                bgr[i] = rgb[i + 2];
                bgr[i + 1] = rgb[i + 1];
                bgr[i + 2] = rgb[i];
            }
            return Jpeg.of(picture, QUALITY);
        }
    }

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
     */
    public record Audio(String absentReason, float[] samples) {
        /** Samples a second. */
        public static final int SAMPLE_RATE = 16_000;

        public boolean present() {
            return absentReason == null;
        }
    }
}
