package io.migr.model.network;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Reads pictures of requests and examples. A few kilobytes can claim to be gigabytes, so the header is read first. */
public final class PictureFile {
    private static final int LONGEST_SIDE = 4096;
    private static final int MOST_PIXELS = 3840 * 2160;

    static {
        ImageIO.setUseCache(false);
    }

    private PictureFile() {}

    /**
     * Decodes a picture.
     *
     * @param file the bytes of a JPEG or another file that Java reads
     * @throws IOException if it is none, is damaged, or has more pixels than allowed; the message says which
     */
    public static BufferedImage read(byte[] file) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("it is not a picture");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                refuseLarge(reader.getWidth(0), reader.getHeight(0));
                return reader.read(0);
            } catch (RuntimeException e) {
                throw new IOException(e.getMessage(), e);
            } finally {
                reader.dispose();
            }
        }
    }

    /** Red, green and blue of each pixel, row by row. */
    public static byte[] rgb(BufferedImage picture) {
        int[] packed = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        byte[] bytes = new byte[3 * packed.length];
        for (int i = 0; i < packed.length; i++) {
            bytes[3 * i] = (byte) (packed[i] >> 16);
            bytes[3 * i + 1] = (byte) (packed[i] >> 8);
            bytes[3 * i + 2] = (byte) packed[i];
        }
        return bytes;
    }

    private static void refuseLarge(int width, int height) throws IOException {
        if (width > LONGEST_SIDE || height > LONGEST_SIDE || (long) width * height > MOST_PIXELS) {
            throw new IOException("it has " + width + "x" + height + " pixels; at most " + MOST_PIXELS
                    + " are read, and " + LONGEST_SIDE + " along a side. Send smaller pictures");
        }
    }
}
