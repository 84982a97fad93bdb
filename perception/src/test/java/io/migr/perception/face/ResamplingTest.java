package io.migr.perception.face;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.migr.perception.face.Resampling.Letterbox;
import org.junit.jupiter.api.Test;

final class ResamplingTest {

    @Test
    void aRegionOfItsOwnSizeIsCopied() {
        RgbFrame frame = ramp(8, 8);
        assertArrayEquals(frame.rgb(), Resampling.crop(frame, new Region(3.5, 3.5, 8, 0), 8));
    }

    @Test
    void aQuarterTurnPutsTheUpperEdgeToTheRight() {
        RgbFrame frame = ramp(8, 8);
        byte[] turned = Resampling.crop(frame, new Region(3.5, 3.5, 8, Math.PI / 2), 8);
        // the crop's upper edge runs down the picture's right edge
        for (int i = 0; i < 8; i++) {
            assertEquals(red(frame.rgb(), 8, 7, i), red(turned, 8, i, 0));
        }
    }

    @Test
    void beyondThePictureItsEdgeIsRepeated() {
        byte[] crop = Resampling.crop(ramp(8, 8), new Region(-20, 3.5, 8, 0), 8);
        assertEquals(red(ramp(8, 8).rgb(), 8, 0, 2), red(crop, 8, 3, 2));
    }

    @Test
    void aLetterboxAveragesAndRemembersWhereItsPixelsCameFrom() {
        RgbFrame frame = ramp(16, 8);
        Letterbox box = Resampling.letterbox(frame, 0, 0, 16, 8, 8);
        assertEquals(0, red(box.rgb(), 8, 0, 0)); // two black rows above
        int mean = (red(frame.rgb(), 16, 0, 0)
                        + red(frame.rgb(), 16, 1, 0)
                        + red(frame.rgb(), 16, 0, 1)
                        + red(frame.rgb(), 16, 1, 1))
                / 4;
        assertEquals(mean, red(box.rgb(), 8, 0, 2), 1);
        assertEquals(16, box.x(8));
        assertEquals(0, box.y(2));
    }

    @Test
    void aLetterboxOfAPieceCountsFromItsCorner() {
        Letterbox box = Resampling.letterbox(ramp(16, 8), 8, 4, 8, 4, 16);
        assertEquals(8, box.x(0));
        assertEquals(4, box.y(4));
        assertEquals(red(ramp(16, 8).rgb(), 16, 8, 4), red(box.rgb(), 16, 0, 4));
    }

    @Test
    void aPictureWithTooFewBytesIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RgbFrame(0, 4, 4, new byte[47]));
    }

    /** Red grows by 5 a column and 9 a row. */
    private static RgbFrame ramp(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            rgb[3 * i] = (byte) (20 + 5 * (i % width) + 9 * (i / width));
        }
        return new RgbFrame(0, width, height, rgb);
    }

    private static int red(byte[] rgb, int width, int x, int y) {
        return rgb[3 * (y * width + x)] & 0xff;
    }
}
