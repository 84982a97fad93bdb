package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernels;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.TensorOperations;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import java.io.IOException;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the parity tests of the encoders share: an engine, a fixture folder, strictly loaded weights. */
abstract class FixtureTest {
    final NDManager root = NDManager.newBaseManager("PyTorch");
    final Kernels kernels = new Kernels(root);
    final Parity parity;
    Map<String, Tensor> expected;

    FixtureTest(String folder) {
        parity = new Parity(folder);
    }

    @BeforeEach
    void open() throws IOException {
        Kernels.recordGradients(false);
        expected = parity.tensors("expected.safetensors");
    }

    @AfterEach
    void close() {
        Kernels.recordGradients(true);
        root.close();
    }

    Weights load(Map<String, Declaration> manifest, Predicate<String> unused) throws IOException {
        return Weights.load(root, parity.folder.resolve("model.safetensors"), manifest, unused);
    }

    NDArray given(String name) {
        return Parity.array(root, expected.get(name));
    }

    void check(String name, NDArray actual) {
        Parity.close(name, expected.get(name), actual, Parity.ACTIVATIONS);
    }

    /** One named layer norm on inputs of small variance, where a wrong epsilon shows. */
    void checkEpsilon(Weights weights, String probe, String parameter, double epsilon) {
        NDArray out = TensorOperations.layerNorm(
                kernels,
                root,
                given("eps_probe." + probe + ".in"),
                weights.get(parameter + ".weight"),
                weights.get(parameter + ".bias"),
                epsilon);
        check("eps_probe." + probe + ".out", out);
    }

    static boolean[][] flags(Tensor mask) {
        int length = (int) mask.shape()[1];
        long[] values = mask.longs();
        boolean[][] flags = new boolean[(int) mask.shape()[0]][length];
        for (int i = 0; i < values.length; i++) {
            flags[i / length][i % length] = values[i] == 1;
        }
        return flags;
    }
}
