package io.migr.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

final class ClipTest {

    @Test
    void aClipIsAFunctionOfItsSeed() {
        for (int i = 0; i < 5; i++) {
            Clip first = Clip.of(Split.SFT.seed(i));
            Clip second = Clip.of(Split.SFT.seed(i));
            assertArrayEquals(first.samples(), second.samples());
            assertArrayEquals(pixels(first.picture(1.5, 96)), pixels(second.picture(1.5, 96)));
            assertEquals(48_000, first.samples().length);
        }
        assertFalse(Arrays.equals(
                Clip.of(Split.SFT.seed(0)).samples(), Clip.of(Split.SFT.seed(1)).samples()));
    }

    @Test
    void aClipOfAGivenPersonDiffersFromThatOfAnotherInFaceAndVoiceAlone() {
        long seed = Split.SFT.seed(3);
        Clip ann = Clip.of(seed, 1);
        Clip ben = Clip.of(seed, 2);
        assertEquals(ann.truth().seed(), ben.truth().seed());
        assertArrayEquals(ann.units(1.5), ben.units(1.5));
        assertArrayEquals(ann.samples(), Clip.of(seed, 1).samples());
        assertFalse(Arrays.equals(ann.samples(), ben.samples()));
        assertFalse(Arrays.equals(pixels(ann.picture(1.5, 48)), pixels(ben.picture(1.5, 48))));
    }

    @Test
    void aDarkRoomAndATelephoneReduceLightAndBandwidth() {
        long seed = Split.SFT.seed(3);
        Clip clean = Clip.of(seed);
        Clip captured = Clip.of(seed, Capture.DIM_TELEPHONE);
        double light = mean(captured.picture(1.5, 96)) / mean(clean.picture(1.5, 96));
        assertEquals(0.3, light, 0.01);
        assertEquals(1, power(captured, 1_000) / power(clean, 1_000), 0.05);
        assertEquals(0.5, power(captured, 300) / power(clean, 300), 0.1);
        assertTrue(power(captured, 100) < 1e-3 * power(clean, 100));
        assertTrue(power(captured, 7_000) < 1e-2 * power(clean, 7_000));
    }

    private static double mean(BufferedImage picture) {
        return Arrays.stream(pixels(picture))
                .mapToDouble(rgb -> ((rgb >> 16 & 255) + (rgb >> 8 & 255) + (rgb & 255)) / 3.0)
                .average()
                .orElseThrow();
    }

    /** The power of one frequency over 100 ms windows. */
    private static double power(Clip clip, double hertz) {
        float[] samples = clip.samples();
        int window = Clip.SAMPLE_RATE / 10;
        double power = 0;
        for (int start = 0; start + window <= samples.length; start += window) {
            double re = 0;
            double im = 0;
            for (int i = 0; i < window; i++) {
                double hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / window);
                double phase = 2 * Math.PI * hertz * i / Clip.SAMPLE_RATE;
                re += hann * samples[start + i] * Math.cos(phase);
                im += hann * samples[start + i] * Math.sin(phase);
            }
            power += re * re + im * im;
        }
        return power;
    }

    @Test
    void unitsRiseToTheirTrueIntensityAndTheFaceMoves() {
        for (int i = 0; i < 40; i++) {
            Clip clip = Clip.of(Split.VALIDATION.seed(i));
            double[] start = clip.units(0);
            double[] apex = clip.units(1.5);
            for (int k = 0; k < apex.length; k++) {
                assertEquals(0, start[k]);
                double truth =
                        clip.truth().intensities() == null ? 0 : clip.truth().intensities()[k];
                assertEquals(truth, apex[k], 1e-9);
            }
            assertFalse(Arrays.equals(pixels(clip.picture(0.2, 48)), pixels(clip.picture(1.5, 48)))
                    && clip.truth().units() != null);
        }
    }

    @Test
    void aContactSheetOfTwentyFourClipsIsWritten() throws IOException {
        int size = 170;
        BufferedImage sheet = new BufferedImage(size * 6, size * 4, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D g = sheet.createGraphics();
        for (int i = 0; i < 24; i++) {
            Clip clip = Clip.of(Split.TEST.seed(i));
            g.drawImage(clip.picture(1.5, size), i % 6 * size, i / 6 * size, null);
            g.drawString(
                    clip.truth().label().word() + ", " + clip.truth().regime().label(),
                    i % 6 * size + 4,
                    i / 6 * size + 14);
        }
        g.dispose();
        assertTrue(
                ImageIO.write(sheet, "png", Path.of("target/contact-sheet.png").toFile()));
    }

    private static int[] pixels(BufferedImage picture) {
        return picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    }
}
