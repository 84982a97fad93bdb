package io.migr.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.Weights;
import io.migr.model.checkpoint.ModelConfigFile;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The audio tower against parity/whisper; the log-mel itself is tested in {@link LogMelTest}. */
final class WhisperParityTest extends FixtureTest {
    WhisperParityTest() {
        super("whisper");
    }

    @Test
    void encoder() throws IOException {
        AudioTower.Config config = ModelConfigFile.audio(parity.json("config.json"));
        Weights weights = load(AudioTower.manifest(config), AudioTower::unused);
        AudioTower tower = new AudioTower(config, weights, kernels);
        NDArray mel = root.create(fullMel(config), new Shape(1, config.mels(), 2L * config.positions()));
        NDArray embedded = tower.embedded(root, mel);
        rows("embeddings_rows", embedded);
        rows("after_layer_0_rows", tower.layers(root, embedded, 1));
        NDArray last = tower.features(root, mel);
        rows("last_hidden_state_rows", last);
        float[] flat = last.toFloatArray();
        float[] mean = new float[config.hidden()];
        float[] deviation = new float[config.hidden()];
        for (int c = 0; c < mean.length; c++) {
            double sum = 0;
            double squares = 0;
            for (int t = 0; t < config.positions(); t++) {
                sum += flat[t * mean.length + c];
            }
            for (int t = 0; t < config.positions(); t++) {
                squares += Math.pow(flat[t * mean.length + c] - sum / config.positions(), 2);
            }
            mean[c] = (float) (sum / config.positions());
            deviation[c] = (float) Math.sqrt(squares / config.positions());
        }
        Parity.close("mean", expected.get("last_hidden_state_channel_mean").floats(), mean, Parity.ACTIVATIONS);
        Parity.close("std", expected.get("last_hidden_state_channel_std").floats(), deviation, Parity.ACTIVATIONS);
        checkEpsilon(
                weights, "layers.0.self_attn_layer_norm", AudioTower.PREFIX + "layers.0.self_attn_layer_norm", 1e-5);
    }

    private float[] fullMel(AudioTower.Config config) throws IOException {
        Map<String, Tensor> stored = parity.tensors("mel_expected.safetensors");
        float[] head = stored.get("mel_head").floats();
        int known = (int) stored.get("mel_head").shape()[1];
        int frames = 2 * config.positions();
        float rest = (float) parity.json("mel_expected.json").properties().stream()
                .filter(field -> field.getKey().startsWith("constant_fill_value"))
                .findFirst()
                .orElseThrow()
                .getValue()
                .asDouble();
        float[] mel = new float[config.mels() * frames];
        for (int bin = 0; bin < config.mels(); bin++) {
            for (int t = 0; t < frames; t++) {
                mel[bin * frames + t] = t < known ? head[bin * known + t] : rest;
            }
        }
        return mel;
    }

    private void rows(String name, NDArray actual) {
        long[] index = expected.get("row_index").longs();
        float[] flat = actual.toFloatArray();
        int width = (int) actual.getShape().get(2);
        float[] picked = new float[index.length * width];
        for (int i = 0; i < index.length; i++) {
            System.arraycopy(flat, (int) index[i] * width, picked, i * width, width);
        }
        assertEquals(expected.get(name).size(), picked.length);
        Parity.close(name, expected.get(name).floats(), picked, Parity.ACTIVATIONS);
    }
}
