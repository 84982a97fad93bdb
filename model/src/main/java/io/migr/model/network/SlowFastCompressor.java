package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernels;

/**
 * HumanOmni's slow-fast token compressor, which R1-Omni has switched off: all frames on a grid of half the side,
 * then the second of every four frames unchanged. It has no parameters. The reference values cover only multiples of
 * four frames and even sides, so other inputs are refused: how upstream treats them is not known.
 */
public final class SlowFastCompressor {
    /** Of so many frames one is fast; a clip has a multiple of them. */
    public static final int GROUP = 4;

    private final Kernels kernels;

    public SlowFastCompressor(Kernels kernels) {
        this.kernels = kernels;
    }

    /**
     * Compresses one clip.
     *
     * @param tokens {@code [frames,patches,hidden]} on square grids
     * @return {@code [1,frames*patches/2,hidden]}, the fast half first
     */
    public NDArray compress(NDManager scope, NDArray tokens) {
        long frames = tokens.getShape().get(0);
        long patches = tokens.getShape().get(1);
        int side = (int) Math.round(Math.sqrt(patches));
        if (frames % GROUP != 0 || side % 2 != 0 || (long) side * side != patches) {
            throw new IllegalArgumentException("The slow-fast compressor takes a multiple of " + GROUP
                    + " frames on square grids of an even side, not " + frames + " frames of " + patches
                    + " patches.");
        }
        Shape row = new Shape(1, -1, tokens.getShape().get(2));
        NDArray fast = Projector.halved(kernels, scope, tokens).reshape(row);
        NDArray slow = tokens.get(new NDIndex("1::" + GROUP)).reshape(row);
        NDArray both = fast.concat(slow, 1);
        both.attach(scope);
        return both;
    }
}
