package io.migr.perception.face;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * Labelled pictures and golden vectors that are not in the repository because they show people: the folder that the
 * system property {@code migr.real} names.
 */
final class RealFiles {
    private RealFiles() {}

    /** A path in the folder; skips the test where there is none. */
    static Path path(String path) {
        String folder = System.getProperty("migr.real");
        assumeTrue(folder != null, "-Dmigr.real names no folder of labelled pictures and golden vectors");
        return Path.of(folder, path);
    }

    static float[][] npy(String path) throws IOException {
        try (InputStream in = Files.newInputStream(path(path))) {
            return Npy.read(in);
        }
    }

    static RgbFrame picture(String path) throws IOException {
        return frame(ImageIO.read(path(path).toFile()));
    }

    /** A picture among the test resources. */
    static BufferedImage image(String name) throws IOException {
        try (InputStream in = RealFiles.class.getResourceAsStream(name)) {
            return ImageIO.read(in);
        }
    }

    static RgbFrame frame(BufferedImage image) {
        byte[] rgb = new byte[3 * image.getWidth() * image.getHeight()];
        for (int y = 0, at = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int pixel = image.getRGB(x, y);
                rgb[at++] = (byte) (pixel >> 16);
                rgb[at++] = (byte) (pixel >> 8);
                rgb[at++] = (byte) pixel;
            }
        }
        return new RgbFrame(0, image.getWidth(), image.getHeight(), rgb);
    }
}
