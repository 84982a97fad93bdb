package io.migr.model.network;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/**
 * Converts a picture to the vision tower's input as the reference pipeline does: optionally centred on a grey square,
 * then resized as by Pillow's antialiased bicubic filter, byte for byte, then scaled by (x / 255 - 0.5) / 0.5.
 */
public final class FramePreprocessor {
    private static final int GREY = 127;
    /** Pillow keeps resampling weights as integers with this many fractional bits. */
    private static final int BITS = 22;

    private final int size;
    private final boolean padToSquare;

    /**
     * Creates a preprocessor for one output format.
     *
     * @param size pixels along each side
     * @param padToSquare true: keep the aspect ratio and pad with grey; false: stretch to the square
     */
    public FramePreprocessor(int size, boolean padToSquare) {
        this.size = size;
        this.padToSquare = padToSquare;
    }

    /**
     * Writes the input values of one picture.
     *
     * @param values receives {@code [3][size][size]} in -1..1 from {@code offset} on
     */
    public void pixelValues(BufferedImage picture, float[] values, int offset) {
        int[] resized = resized(picture);
        for (int i = 0; i < resized.length; i++) {
            values[offset + i] = normalised(resized[i]);
        }
    }

    /** Scales a channel's value 0..255 to the tower's input range -1..1. */
    public static float normalised(int value) {
        return ((float) (value * 0.00392156862745098) - 0.5f) / 0.5f;
    }

    /** The resized picture, {@code [3][size][size]}, 0..255. */
    public int[] resized(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        int[] rgb = rgb(picture);
        int side = padToSquare ? Math.max(width, height) : 0;
        int paddedWidth = padToSquare ? side : width;
        int paddedHeight = padToSquare ? side : height;
        int left = (paddedWidth - width) / 2;
        int top = (paddedHeight - height) / 2;
        int[] out = new int[3 * size * size];
        int[] columns = new int[paddedWidth * paddedHeight];
        Axis across = new Axis(paddedWidth, size);
        Axis down = new Axis(paddedHeight, size);
        for (int channel = 0; channel < 3; channel++) {
            java.util.Arrays.fill(columns, GREY);
            int shift = 16 - 8 * channel;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    columns[(x + left) * paddedHeight + y + top] = rgb[y * width + x] >> shift & 0xff;
                }
            }
            resize(columns, paddedHeight, across, down, out, channel * size * size);
        }
        return out;
    }

    private static int[] rgb(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        boolean bytes = picture.getType() == BufferedImage.TYPE_3BYTE_BGR
                && picture.getRaster().getDataBuffer().getSize() == 3 * width * height;
        if (!bytes) {
            return picture.getRGB(0, 0, width, height, null, 0, width);
        }
        // the layout of decoded JPEGs; getRGB would go through the colour model for each pixel
        byte[] bgr = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
        int[] rgb = new int[width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (bgr[3 * i + 2] & 0xff) << 16 | (bgr[3 * i + 1] & 0xff) << 8 | bgr[3 * i] & 0xff;
        }
        return rgb;
    }

    /** Sums whole columns, then whole rows, so that the loops can be vectorised. */
    private void resize(int[] columns, int height, Axis across, Axis down, int[] out, int offset) {
        int[] narrow = new int[size * height];
        int[] sums = new int[height];
        for (int x = 0; x < size; x++) {
            across.weigh(x, columns, sums);
            for (int y = 0; y < height; y++) {
                narrow[y * size + x] = value(sums[y]);
            }
        }
        int[] row = new int[size];
        for (int y = 0; y < size; y++) {
            down.weigh(y, narrow, row);
            for (int x = 0; x < size; x++) {
                out[offset + y * size + x] = value(row[x]);
            }
        }
    }

    private static int value(int sum) {
        return Math.max(0, Math.min(255, sum >> BITS));
    }

    /** Resampling weights along one axis: bicubic with a = -0.5, its support widened when shrinking. */
    private static final class Axis {
        private final int[] first;
        private final int[][] weights;

        Axis(int in, int out) {
            first = new int[out];
            weights = new int[out][];
            double scale = (double) in / out;
            double filter = Math.max(scale, 1);
            double support = 2 * filter;
            for (int i = 0; i < out; i++) {
                double centre = (i + 0.5) * scale;
                int from = Math.max(0, (int) (centre - support + 0.5));
                int to = Math.min(in, (int) (centre + support + 0.5));
                double[] exact = new double[to - from];
                double sum = 0;
                for (int k = 0; k < exact.length; k++) {
                    exact[k] = bicubic((k + from - centre + 0.5) / filter);
                    sum += exact[k];
                }
                first[i] = from;
                weights[i] = new int[exact.length];
                for (int k = 0; k < exact.length; k++) {
                    double scaled = exact[k] / sum * (1 << BITS);
                    weights[i][k] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
                }
            }
        }

        /**
         * Writes output line {@code i}, the weighted sum of its input lines; every line is as long as {@code sums}.
         */
        void weigh(int i, int[] lines, int[] sums) {
            java.util.Arrays.fill(sums, 1 << (BITS - 1));
            int at = first[i] * sums.length;
            for (int weight : weights[i]) {
                for (int k = 0; k < sums.length; k++) {
                    sums[k] += weight * lines[at + k];
                }
                at += sums.length;
            }
        }

        private static double bicubic(double x) {
            double a = -0.5;
            double t = Math.abs(x);
            if (t < 1) {
                return ((a + 2) * t - (a + 3)) * t * t + 1;
            }
            return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
        }
    }
}
