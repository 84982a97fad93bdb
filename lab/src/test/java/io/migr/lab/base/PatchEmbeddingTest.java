package io.migr.lab.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.migr.engine.SafeTensors.Tensor;
import org.junit.jupiter.api.Test;

class PatchEmbeddingTest {
    @Test
    void aUniformPictureHasTheSameEmbeddingAtTwiceTheSize() {
        Tensor flat = Tensor.of(new float[] {3, 3, 3, 3}, 1, 1, 2, 2);
        Tensor stretched = PatchEmbedding.resize(flat, 4);
        assertArrayEquals(new long[] {1, 1, 4, 4}, stretched.shape());
        float sum = 0;
        for (float weight : stretched.floats()) {
            sum += weight;
        }
        assertEquals(12, sum, 1e-5);
    }

    @Test
    void edgesStayWhereTheyAre() {
        Tensor halves = Tensor.of(new float[] {0, 4, 0, 4}, 1, 1, 2, 2);
        float[] row = new float[4];
        System.arraycopy(PatchEmbedding.resize(halves, 4).floats(), 4, row, 0, 4);
        // a quarter of the weight each, interpolated at -0.25, 0.25, 0.75 and 1.25 of the old pixels
        assertArrayEquals(new float[] {0, 0.25f, 0.75f, 1}, row, 1e-6f);
        assertSame(halves, PatchEmbedding.resize(halves, 2));
    }
}
