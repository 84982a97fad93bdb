package io.migr.perception.voice;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernel;
import io.migr.engine.KernelText;
import io.migr.engine.Kernels;
import io.migr.engine.SafeTensors;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.engine.Weights.Start;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Silero VAD 6.2.3, the half for 16 kHz (Silero Team, MIT): a probability of speech for every 32 ms. A clip is one
 * native call, the LSTM included, and starts from zeros. Not thread-safe.
 */
final class SileroVad {
    /** Samples that one probability covers. */
    static final int CHUNK = 512;

    private static final int CONTEXT = 64;
    private static final String FILE = "silero_vad_16k.safetensors";
    private static final Kernel SPEECH =
            KernelText.load(SileroVad.class, "silero.torchscript").kernel("speech");
    private static final Map<String, Declaration> MANIFEST = manifest();

    private final NDManager manager;
    private final Kernels kernels;
    private final NDArray[] weights;

    /** Loads the weights from the resources; {@code manager} owns them. */
    SileroVad(NDManager manager, Kernels kernels) {
        this.manager = manager;
        this.kernels = kernels;
        try {
            weights = Weights.of(
                            manager, FILE, SafeTensors.readResource(SileroVad.class, FILE), MANIFEST, name -> false)
                    .list("", MANIFEST.keySet().toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException("The weights of Silero VAD could not be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, Declaration> manifest() {
        Map<String, Declaration> manifest = new LinkedHashMap<>();
        declare(manifest, "stft_conv.weight", 258, 1, 256);
        int[] widths = {129, 128, 64, 64, 128};
        for (int i = 1; i < widths.length; i++) {
            declare(manifest, "conv" + i + ".weight", widths[i], widths[i - 1], 3);
            declare(manifest, "conv" + i + ".bias", widths[i]);
        }
        declare(manifest, "lstm_cell.weight_ih", 512, 128);
        declare(manifest, "lstm_cell.weight_hh", 512, 128);
        declare(manifest, "lstm_cell.bias_ih", 512);
        declare(manifest, "lstm_cell.bias_hh", 512);
        declare(manifest, "final_conv.weight", 1, 128, 1);
        declare(manifest, "final_conv.bias", 1);
        return manifest;
    }

    private static void declare(Map<String, Declaration> manifest, String name, long... shape) {
        manifest.put(name, new Declaration(Start.ZEROS, shape));
    }

    /**
     * How likely each chunk of {@value #CHUNK} samples is speech, 0..1.
     *
     * @param samples mono at 16 kHz, -1..1; the last chunk is filled up with zeros
     * @return one number per started chunk
     */
    float[] probabilities(float[] samples) {
        int chunks = (samples.length + CHUNK - 1) / CHUNK;
        if (chunks == 0) {
            return new float[0];
        }
        int width = CONTEXT + CHUNK;
        float[] rows = new float[chunks * width];
        for (int c = 0; c < chunks; c++) {
            int from = Math.max(0, c * CHUNK - CONTEXT);
            int to = Math.min(samples.length, (c + 1) * CHUNK);
            System.arraycopy(samples, from, rows, c * width + (from - c * CHUNK + CONTEXT), to - from);
        }
        try (NDManager scope = manager.newSubManager()) {
            NDArray input = scope.create(rows, new Shape(chunks, width));
            return kernels.one(scope, SPEECH, input, weights).toFloatArray();
        }
    }
}
