package io.migr.trainer.sft;

import io.migr.model.network.FramePreprocessor;
import java.util.SplittableRandom;

/**
 * A change of a picture that does not change its expression: mirrored, shifted, lighter or darker.
 *
 * @param mirror whether left and right are exchanged
 * @param dx pixels to the left, -4..4
 * @param dy pixels up, -4..4
 * @param gain factor of the contrast, 0.85..1.15
 * @param offset added to each value of 0..255, -10..10
 */
public record PictureAugmentation(boolean mirror, int dx, int dy, double gain, double offset) {
    /** Leaves a picture unchanged. */
    public static final PictureAugmentation NONE = new PictureAugmentation(false, 0, 0, 1, 0);

    /** Draws a change at random. */
    public static PictureAugmentation draw(SplittableRandom random) {
        return new PictureAugmentation(
                random.nextBoolean(),
                random.nextInt(9) - 4,
                random.nextInt(9) - 4,
                0.85 + 0.3 * random.nextDouble(),
                20 * random.nextDouble() - 10);
    }

    /**
     * Changes a picture and normalises it for the vision tower.
     *
     * @param picture {@code [3][size][size]} unsigned bytes
     * @param pixels receives {@code [3][size][size]} normalised values from {@code at} on
     */
    public void apply(byte[] picture, int size, float[] pixels, int at) {
        for (int channel = 0; channel < 3; channel++) {
            for (int y = 0; y < size; y++) {
                int fromY = Math.max(0, Math.min(size - 1, y + dy));
                for (int x = 0; x < size; x++) {
                    int fromX = Math.max(0, Math.min(size - 1, (mirror ? size - 1 - x : x) + dx));
                    int value = picture[(channel * size + fromY) * size + fromX] & 0xff;
                    int changed = (int) Math.max(0, Math.min(255, value * gain + offset));
                    pixels[at + (channel * size + y) * size + x] = FramePreprocessor.normalised(changed);
                }
            }
        }
    }
}
