package io.migr.perception.face;

import java.util.Arrays;

/** Cuts scaled pieces out of pictures, as RGB bytes row by row. */
final class Resampling {
    private Resampling() {}

    /**
     * Where a piece lies in a square into which it was fitted with black borders.
     *
     * @param left of the piece in its picture
     * @param top of the piece in its picture
     * @param scale pixels of the square for one pixel of the picture
     * @param padX black columns before it
     * @param padY black rows before it
     */
    record Letterbox(int left, int top, double scale, int padX, int padY, byte[] rgb) {
        double x(double u) {
            return (u - padX) / scale + left;
        }

        double y(double v) {
            return (v - padY) / scale + top;
        }
    }

    /** A piece of a picture, fitted into a square of {@code size} pixels a side. */
    static Letterbox letterbox(RgbFrame frame, int left, int top, int width, int height, int size) {
        double scale = (double) size / Math.max(width, height);
        int inWidth = Math.max(1, (int) Math.rint(width * scale));
        int inHeight = Math.max(1, (int) Math.rint(height * scale));
        int padX = (size - inWidth) / 2;
        int padY = (size - inHeight) / 2;
        byte[] rgb = new byte[3 * size * size];
        if (scale < 1) {
            shrink(frame, left, top, width, height, rgb, inWidth, inHeight, 3 * (padY * size + padX), 3 * size);
        } else {
            double step = 1 / scale;
            for (int y = 0; y < inHeight; y++) {
                for (int x = 0; x < inWidth; x++) {
                    int at = 3 * ((padY + y) * size + padX + x);
                    double[] sum = new double[3];
                    double u = Math.max(0, Math.min(width - 1, (x + 0.5) * step - 0.5));
                    double v = Math.max(0, Math.min(height - 1, (y + 0.5) * step - 0.5));
                    add(frame, left + u, top + v, sum);
                    put(rgb, at, sum, 1);
                }
            }
        }
        return new Letterbox(left, top, scale, padX, padY, rgb);
    }

    /** Each target pixel is the mean of the source area that it covers. */
    private static void shrink(
            RgbFrame frame, int left, int top, int width, int height, byte[] rgb, int w, int h, int offset, int row) {
        double stepX = (double) width / w;
        double stepY = (double) height / h;
        float[] line = new float[3 * w];
        float[] sum = new float[3 * w];
        int y = 0;
        for (int target = 0; target < h; target++) {
            Arrays.fill(sum, 0);
            double from = target * stepY;
            double to = Math.min(height, from + stepY);
            for (y = (int) from; y < to; y++) {
                shrinkRow(frame.rgb(), 3 * ((top + y) * frame.width() + left), width, stepX, line);
                float share = (float) ((Math.min(to, y + 1) - Math.max(from, y)) / (to - from));
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += share * line[i];
                }
            }
            for (int i = 0; i < sum.length; i++) {
                rgb[offset + target * row + i] = (byte) (sum[i] + 0.5f);
            }
        }
    }

    private static void shrinkRow(byte[] rgb, int start, int width, double step, float[] line) {
        for (int target = 0; target < line.length / 3; target++) {
            double from = target * step;
            double to = Math.min(width, from + step);
            float red = 0;
            float green = 0;
            float blue = 0;
            for (int x = (int) from; x < to; x++) {
                float share = (float) ((Math.min(to, x + 1) - Math.max(from, x)) / (to - from));
                int at = start + 3 * x;
                red += share * (rgb[at] & 0xff);
                green += share * (rgb[at + 1] & 0xff);
                blue += share * (rgb[at + 2] & 0xff);
            }
            line[3 * target] = red;
            line[3 * target + 1] = green;
            line[3 * target + 2] = blue;
        }
    }

    /**
     * A region scaled to {@code pixels} a side. Between pixels it is bilinear, beyond the picture its edge is repeated;
     * where the region is more than twice as fine as the crop, several samples are averaged.
     */
    static byte[] crop(RgbFrame frame, Region region, int pixels) {
        byte[] rgb = new byte[3 * pixels * pixels];
        int samples = Math.max(1, (int) Math.ceil(region.size() / (2.0 * pixels)));
        double[] sum = new double[3];
        double stepX = region.x(1, 0, pixels) - region.x(0, 0, pixels);
        double stepY = region.y(1, 0, pixels) - region.y(0, 0, pixels);
        double startX = region.x(0, 0, pixels);
        double startY = region.y(0, 0, pixels);
        for (int v = 0; v < pixels; v++) {
            for (int u = 0; u < pixels; u++) {
                Arrays.fill(sum, 0);
                for (int k = 0; k < samples * samples; k++) {
                    double du = u + (k % samples + 0.5) / samples - 0.5;
                    double dv = v + (k / samples + 0.5) / samples - 0.5;
                    add(frame, startX + stepX * du - stepY * dv, startY + stepY * du + stepX * dv, sum);
                }
                put(rgb, 3 * (v * pixels + u), sum, samples * samples);
            }
        }
        return rgb;
    }

    private static void put(byte[] rgb, int at, double[] sum, int count) {
        for (int c = 0; c < 3; c++) {
            rgb[at + c] = (byte) (sum[c] / count + 0.5);
        }
    }

    /** Adds the bilinear colour at a point of the picture. */
    private static void add(RgbFrame frame, double x, double y, double[] sum) {
        double insideX = Math.max(0, Math.min(frame.width() - 1.0, x));
        double insideY = Math.max(0, Math.min(frame.height() - 1.0, y));
        int left = (int) insideX;
        int top = (int) insideY;
        double right = insideX - left;
        double bottom = insideY - top;
        byte[] rgb = frame.rgb();
        int at = 3 * (top * frame.width() + left);
        int next = left + 1 < frame.width() ? 3 : 0;
        int below = top + 1 < frame.height() ? 3 * frame.width() : 0;
        for (int c = 0; c < 3; c++, at++) {
            double above = (rgb[at] & 0xff) * (1 - right) + (rgb[at + next] & 0xff) * right;
            double under = (rgb[at + below] & 0xff) * (1 - right) + (rgb[at + below + next] & 0xff) * right;
            sum[c] += above * (1 - bottom) + under * bottom;
        }
    }
}
