package io.migr.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernels.Precision;
import org.junit.jupiter.api.Test;

final class KernelTextTest {
    private static final KernelText TEXT =
            KernelText.load(KernelTextTest.class, "test.torchscript", TensorOperations.TEXT);

    private static float[] applied(Precision precision) {
        try (NDManager root = NDManager.newBaseManager("PyTorch");
                Kernels kernels = new Kernels(root, precision)) {
            // bfloat16 has 8 bits of significand: 1 + 1/256 rounds to 1
            NDArray x = root.create(new float[] {1 + 1f / 256, 2}, new Shape(1, 2));
            NDArray w = root.create(new float[] {1, 0, 0, 3}, new Shape(2, 2));
            return kernels.one(root, TEXT.kernel("applied"), x, w).toFloatArray();
        }
    }

    @Test
    void functionsCallThoseOfTheTextsThatTheyUse() {
        assertArrayEquals(new float[] {1 + 1f / 256, 6}, applied(Precision.FLOAT32));
    }

    @Test
    void precisionDecidesHowMatricesAreMultiplied() {
        assertArrayEquals(new float[] {1, 6}, applied(Precision.BFLOAT16));
    }

    @Test
    void anUnknownFunctionIsRefusedBeforeItIsCalled() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> TEXT.kernel("linear_of"));
        assertEquals("test.torchscript defines no function linear_of.", refused.getMessage());
    }

    @Test
    void aMissingTextIsNamed() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> KernelText.load(KernelTextTest.class, "none.torchscript"));
        assertEquals(
                "There is no kernel text none.torchscript in the package of " + KernelTextTest.class.getName()
                        + ". Put it among the resources of that package.",
                refused.getMessage());
    }
}
