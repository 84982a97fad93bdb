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
            Sampler sampler = new Sampler(frame);
            for (int y = 0; y < inHeight; y++) {
                for (int x = 0; x < inWidth; x++) {
                    double u = Math.max(0, Math.min(width - 1, (x + 0.5) * step - 0.5));
                    double v = Math.max(0, Math.min(height - 1, (y + 0.5) * step - 0.5));
                    sampler.add(left + u, top + v);
                    sampler.put(rgb, 3 * ((padY + y) * size + padX + x));
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
        for (int target = 0; target < h; target++) {
            Arrays.fill(sum, 0);
            double from = target * stepY;
            double to = Math.min(height, from + stepY);
            for (int y = (int) from; y < to; y++) {
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
        double startX = region.x(0, 0, pixels);
        double startY = region.y(0, 0, pixels);
        double stepX = region.x(1, 0, pixels) - startX;
        double stepY = region.y(1, 0, pixels) - startY;
        Sampler sampler = new Sampler(frame);
        for (int v = 0; v < pixels; v++) {
            for (int u = 0; u < pixels; u++) {
                for (int k = 0; k < samples * samples; k++) {
                    double du = u + (k % samples + 0.5) / samples - 0.5;
                    double dv = v + (k / samples + 0.5) / samples - 0.5;
                    sampler.add(startX + stepX * du - stepY * dv, startY + stepY * du + stepX * dv);
                }
                sampler.put(rgb, 3 * (v * pixels + u));
            }
        }
        return rgb;
    }

    /** Averages bilinear samples of a picture, with positions rounded to 1/256 pixel. */
    private static final class Sampler {
        private final byte[] rgb;
        private final int width;
        private final int right;
        private final int bottom;
        private int red;
        private int green;
        private int blue;
        private int count;

        Sampler(RgbFrame frame) {
            rgb = frame.rgb();
            width = frame.width();
            right = (frame.width() - 1) << 8;
            bottom = (frame.height() - 1) << 8;
        }

        void add(double pictureX, double pictureY) {
            int x = Math.max(0, Math.min(right, (int) (pictureX * 256 + 0.5)));
            int y = Math.max(0, Math.min(bottom, (int) (pictureY * 256 + 0.5)));
            int at = 3 * ((y >> 8) * width + (x >> 8));
            int next = x < right ? 3 : 0;
            int below = y < bottom ? 3 * width : 0;
            int w11 = (x & 255) * (y & 255);
            int w10 = ((x & 255) << 8) - w11;
            int w01 = ((y & 255) << 8) - w11;
            int w00 = 65536 - w10 - w01 - w11;
            red += mix(at, next, below, w00, w10, w01, w11);
            green += mix(at + 1, next, below, w00, w10, w01, w11);
            blue += mix(at + 2, next, below, w00, w10, w01, w11);
            count++;
        }

        private int mix(int at, int next, int below, int w00, int w10, int w01, int w11) {
            int sum = (rgb[at] & 0xff) * w00
                    + (rgb[at + next] & 0xff) * w10
                    + (rgb[at + below] & 0xff) * w01
                    + (rgb[at + below + next] & 0xff) * w11;
            return (sum + 128) >> 8;
        }

        void put(byte[] target, int at) {
            float scale = 1f / (count << 8);
            target[at] = (byte) (red * scale + 0.5f);
            target[at + 1] = (byte) (green * scale + 0.5f);
            target[at + 2] = (byte) (blue * scale + 0.5f);
            red = 0;
            green = 0;
            blue = 0;
            count = 0;
        }
    }
}
