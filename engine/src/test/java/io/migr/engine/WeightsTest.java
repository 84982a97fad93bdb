package io.migr.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.Weights.Declaration;
import io.migr.engine.Weights.Start;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WeightsTest {
    private static final Map<String, Declaration> MANIFEST = manifest();

    private static Map<String, Declaration> manifest() {
        Map<String, Declaration> manifest = new LinkedHashMap<>();
        manifest.put("a.weight", new Declaration(Start.FAN_IN, 2, 3));
        manifest.put("a.bias", new Declaration(Start.ZEROS, 2));
        return manifest;
    }

    @Test
    void everyTensorThatDoesNotFitIsListedAndNothingIsLoaded() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a.weight", Tensor.of(new float[6], 3, 2));
        tensors.put("b.weight", Tensor.of(new float[1], 1));
        tensors.put("unused.head", Tensor.of(new float[1], 1));
        try (NDManager root = NDManager.newBaseManager("PyTorch")) {
            IOException error = assertThrows(
                    IOException.class,
                    () -> Weights.of(root, "model.safetensors", tensors, MANIFEST, name -> name.startsWith("unused.")));
            String message = error.getMessage();
            assertTrue(message.contains("model.safetensors") && message.contains("3 tensors"), message);
            assertTrue(message.contains("misshaped  a.weight [3, 2], expected [2, 3]"), message);
            assertTrue(message.contains("missing    a.bias [2]"), message);
            assertTrue(message.contains("unexpected b.weight [1]"), message);
            assertTrue(!message.contains("unused.head"), message);
            assertEquals(0, root.getManagedArrays().size());
        }
    }

    @Test
    void matchingTensorsAreLoadedUnchanged() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a.weight", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        tensors.put("a.bias", Tensor.of(new float[] {7, 8}, 2));
        try (NDManager root = NDManager.newBaseManager("PyTorch");
                Weights weights = Weights.of(root, "here", tensors, MANIFEST, name -> false)) {
            assertArrayEquals(
                    new float[] {1, 2, 3, 4, 5, 6}, weights.get("a.weight").toFloatArray());
            assertEquals(8, weights.size());
        }
    }
}
