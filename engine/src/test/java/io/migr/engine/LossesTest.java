package io.migr.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

final class LossesTest {
    private static final Shape SHAPE = new Shape(3, 2);
    private static final float[] LOGITS = {0, (float) Math.log(3), 1, 1, 5, -5};

    private static NDArray loss(NDManager root, NDArray logits, float... probabilities) {
        return Losses.softCrossEntropy(new Kernels(root), root, logits, root.create(probabilities, SHAPE));
    }

    /** Row 1 has softmax 1/4, 3/4; row 2 has 1/2, 1/2; row 3 is left out. */
    @Test
    void softCrossEntropyAndItsGradientAreThoseWorkedByHand() {
        try (NDManager root = NDManager.newBaseManager("PyTorch")) {
            Kernels.recordGradients(true);
            NDArray logits = root.create(LOGITS, SHAPE);
            logits.setRequiresGradient(true);
            NDArray loss = loss(root, logits, 0.4f, 0.6f, 1, 0, 0, 0);
            double first = -0.4 * Math.log(0.25) - 0.6 * Math.log(0.75);
            assertEquals((first + Math.log(2)) / 2, loss.getFloat(), 1e-6);
            Kernels.backward(loss);
            assertArrayEquals(
                    new float[] {-0.075f, 0.075f, -0.25f, 0.25f, 0, 0},
                    logits.getGradient().toFloatArray(),
                    1e-6f);
        }
    }

    @Test
    void aLabelIsAProbabilityOfOne() {
        try (NDManager root = NDManager.newBaseManager("PyTorch")) {
            NDArray logits = root.create(LOGITS, SHAPE);
            NDArray labels = root.create(new long[] {1, -100, 0}, new Shape(3));
            float hard =
                    Losses.crossEntropy(new Kernels(root), root, logits, labels).getFloat();
            assertEquals(hard, loss(root, logits, 0, 1, 0, 0, 1, 0).getFloat(), 1e-6);
        }
    }

    @Test
    void withoutAnyRowTheLossIsZero() {
        try (NDManager root = NDManager.newBaseManager("PyTorch")) {
            assertEquals(0, loss(root, root.create(LOGITS, SHAPE), new float[6]).getFloat(), 0);
        }
    }
}
