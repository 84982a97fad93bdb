package io.migr.perception.face;

/**
 * A picture of a clip.
 *
 * @param timeMs when it was taken, in ms from the clip's start
 * @param width in pixels
 * @param height in pixels
 * @param rgb red, green and blue of each pixel, row by row from the top left; not copied, so it must not change
 */
public record RgbFrame(int timeMs, int width, int height, byte[] rgb) {
    public RgbFrame {
        if (width < 1 || height < 1 || rgb.length != 3 * width * height) {
            throw new IllegalArgumentException("A picture of " + width + " x " + height + " pixels takes "
                    + 3L * width * height + " bytes, not " + rgb.length + ".");
        }
    }
}
