package io.migr.lab.base;

import io.migr.engine.SafeTensors.Tensor;

/** Resizes a patch embedding to another patch size. */
final class PatchEmbedding {
    private PatchEmbedding() {}

    /**
     * Resizes {@code [out,channels,p,p]} to {@code [out,channels,patch,patch]} by bilinear interpolation, scaled so
     * that an enlarged picture gives nearly the same embedding.
     */
    static Tensor resize(Tensor tensor, int patch) {
        int from = (int) tensor.shape()[3];
        if (from == patch) {
            return tensor;
        }
        float[] old = tensor.floats();
        int planes = old.length / (from * from);
        float[] values = new float[planes * patch * patch];
        float gain = (float) (from * from) / (patch * patch);
        for (int plane = 0; plane < planes; plane++) {
            for (int y = 0; y < patch; y++) {
                for (int x = 0; x < patch; x++) {
                    values[(plane * patch + y) * patch + x] =
                            gain * at(old, plane * from * from, from, place(y, from, patch), place(x, from, patch));
                }
            }
        }
        return Tensor.of(values, tensor.shape()[0], tensor.shape()[1], patch, patch);
    }

    /** The position in the old patch, in pixels, of a pixel of the new one. */
    private static double place(int index, int from, int to) {
        return Math.max(0, Math.min(from - 1.0, (index + 0.5) * from / to - 0.5));
    }

    private static float at(float[] values, int offset, int size, double y, double x) {
        int top = (int) y;
        int left = (int) x;
        int bottom = Math.min(size - 1, top + 1);
        int right = Math.min(size - 1, left + 1);
        double down = y - top;
        double across = x - left;
        double above = (1 - across) * values[offset + top * size + left] + across * values[offset + top * size + right];
        double below =
                (1 - across) * values[offset + bottom * size + left] + across * values[offset + bottom * size + right];
        return (float) ((1 - down) * above + down * below);
    }
}
