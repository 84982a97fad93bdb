package io.migr.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.FacePainter.Pose;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

final class FacePainterTest {
    private static final Pose STILL = new Pose(0, 0, 0, 0, 0, false, true);
    private static final int SIZE = 96;

    private static double[] only(int unit, double intensity) {
        double[] units = new double[DrawnFaceCues.UNITS.length];
        units[DrawnFaceCues.index(unit)] = intensity;
        return units;
    }

    private static int[] pixels(BufferedImage picture) {
        return picture.getRGB(0, 0, SIZE, SIZE, null, 0, SIZE);
    }

    /** Number of pixels that differ clearly in at least one colour channel. */
    private static int changed(int[] first, int[] second) {
        int changed = 0;
        for (int i = 0; i < first.length; i++) {
            int most = 0;
            for (int shift = 0; shift <= 16; shift += 8) {
                most = Math.max(most, Math.abs((first[i] >> shift & 0xff) - (second[i] >> shift & 0xff)));
            }
            changed += most > 24 ? 1 : 0;
        }
        return changed;
    }

    @Test
    void everyActionUnitIsVisibleAtTheSizeTheModelSees() {
        for (int identity = 0; identity < 20; identity++) {
            FacePainter painter = new FacePainter(FaceLook.of(identity, false), SIZE);
            int[] rest = pixels(painter.paint(new double[DrawnFaceCues.UNITS.length], STILL));
            for (int unit : DrawnFaceCues.UNITS) {
                int changed = changed(rest, pixels(painter.paint(only(unit, 0.8), STILL)));
                assertTrue(changed >= 8, "AU " + unit + " of person " + identity + " changes " + changed + " pixels");
            }
        }
    }

    @Test
    void actionUnitsLookDifferentFromEachOther() {
        FacePainter painter = new FacePainter(FaceLook.of(3, false), SIZE);
        for (int first : DrawnFaceCues.UNITS) {
            for (int second : DrawnFaceCues.UNITS) {
                if (first < second) {
                    int changed = changed(
                            pixels(painter.paint(only(first, 0.8), STILL)),
                            pixels(painter.paint(only(second, 0.8), STILL)));
                    assertTrue(changed >= 10, "AU " + first + " and " + second + ": " + changed);
                }
            }
        }
    }

    @Test
    void aPictureIsAFunctionOfItsInputsAndPeopleDiffer() throws IOException {
        double[] smile = only(12, 1);
        int[] one = pixels(new FacePainter(FaceLook.of(1, false), SIZE).paint(smile, STILL));
        assertArrayEquals(one, pixels(new FacePainter(FaceLook.of(1, false), SIZE).paint(smile, STILL)));
        assertTrue(changed(one, pixels(new FacePainter(FaceLook.of(2, false), SIZE).paint(smile, STILL))) > 500);
        sheet(Path.of("target/action-units.png"));
    }

    /** Writes a picture for visual inspection: the face at rest, then every unit at full intensity. */
    private static void sheet(Path file) throws IOException {
        int size = 160;
        BufferedImage sheet = new BufferedImage(size * 7, size * 3, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D g = sheet.createGraphics();
        FacePainter painter = new FacePainter(FaceLook.of(7, false), size);
        for (int i = -1; i < DrawnFaceCues.UNITS.length; i++) {
            double[] units = i < 0 ? new double[DrawnFaceCues.UNITS.length] : only(DrawnFaceCues.UNITS[i], 1);
            int at = i + 1;
            g.drawImage(painter.paint(units, STILL), at % 7 * size, at / 7 * size, null);
            g.drawString(i < 0 ? "rest" : "AU " + DrawnFaceCues.UNITS[i], at % 7 * size + 6, at / 7 * size + 16);
        }
        g.dispose();
        Files.createDirectories(file.getParent());
        assertTrue(ImageIO.write(sheet, "png", file.toFile()));
    }
}
