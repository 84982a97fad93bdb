package io.migr.perception.voice;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernel;
import io.migr.engine.KernelText;
import io.migr.engine.Kernels;
import io.migr.engine.SafeTensors;
import io.migr.engine.SafeTensors.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Whether somebody may be laughing: the encoder of smart-turn v3.2 (Daily, BSD-2-Clause), which was trained to hear
 * when somebody has finished speaking, and a linear unit that was fitted on 24 laughs and 224 other sounds of free
 * games. A clip counts as possible laughter from {@value #THRESHOLD} on. Not thread-safe.
 */
final class Laughter {
    /** The files that the folder must hold. */
    static final String ENCODER = "speech_encoder_smart_turn_v3_2.int8.safetensors";

    static final String HEAD = "laugh_head.safetensors";

    private static final double THRESHOLD = -0.16;
    private static final int SECONDS = 8;
    private static final int LAYERS = 4;
    private static final int WINDOW = 400;
    private static final int BANDS = 80;
    /** Samples at 16 kHz that one position covers. */
    private static final int POSITION = 320;

    private static final int FEWEST_POSITIONS = 10;
    private static final String[] STEM = {"conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "pos"};
    private static final String[] LAYER = {
        "n1.weight",
        "n1.bias",
        "q.weight",
        "q.bias",
        "k.weight",
        "v.weight",
        "v.bias",
        "o.weight",
        "o.bias",
        "n2.weight",
        "n2.bias",
        "fc1.weight",
        "fc1.bias",
        "fc2.weight",
        "fc2.bias"
    };
    private static final KernelText TEXT = KernelText.load(Laughter.class, "laughter.torchscript");
    private static final Kernel MEL_KERNEL = TEXT.kernel("mel");
    private static final Kernel STEM_KERNEL = TEXT.kernel("stem");
    private static final Kernel LAYER_KERNEL = TEXT.kernel("layer");
    private static final Kernel NORMALISED_KERNEL = TEXT.kernel("normalised");
    private static final Kernel HEAD_KERNEL = TEXT.kernel("head");

    private final NDManager manager;
    private final Kernels kernels;
    private final Map<String, NDArray> weights = new HashMap<>();
    private final NDArray hann;
    private final NDArray filters;

    /**
     * Loads {@value #ENCODER} and {@value #HEAD}, 8.5 MB, 33 MB once widened; {@code manager} owns them.
     *
     * @throws UncheckedIOException if a file is missing, damaged or of another net
     */
    Laughter(NDManager manager, Kernels kernels, Path folder) {
        this.manager = manager;
        this.kernels = kernels;
        try {
            load(folder.resolve(ENCODER));
            load(folder.resolve(HEAD));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The weights for possible laughter could not be read: " + e.getMessage()
                            + " Turn possible laughter off, or name a folder with " + ENCODER + " and " + HEAD + ".",
                    e);
        }
        float[] window = new float[WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            window[i] = (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * i / WINDOW));
        }
        hann = manager.create(window);
        filters = manager.create(slaney(), new Shape(WINDOW / 2 + 1, BANDS));
    }

    /** Matrices are whole numbers with one scale for each row. */
    private void load(Path file) throws IOException {
        Map<String, Tensor> tensors = SafeTensors.read(file);
        tensors.forEach((name, tensor) -> {
            if (name.endsWith(".int8")) {
                String matrix = name.substring(0, name.length() - ".int8".length());
                float[] values = tensor.floats();
                float[] scales = tensors.get(matrix + ".scale").floats();
                for (int i = 0; i < values.length; i++) {
                    values[i] *= scales[i / (values.length / scales.length)];
                }
                weights.put(matrix, manager.create(values, new Shape(tensor.shape())));
            } else if (!name.endsWith(".scale")) {
                weights.put(name, manager.create(tensor.floats(), new Shape(tensor.shape())));
            }
        });
    }

    private NDArray[] weights(String prefix, String... names) {
        return Stream.of(names).map(name -> weights.get(prefix + name)).toArray(NDArray[]::new);
    }

    /** Whether a clip may hold laughter; of a longer one, its last 8 s. */
    boolean possible(float[] samples) {
        return score(samples) >= THRESHOLD;
    }

    double score(float[] samples) {
        int positions = Math.min(SECONDS * 50, Math.max(FEWEST_POSITIONS, samples.length / POSITION));
        try (NDManager scope = manager.newSubManager()) {
            NDArray encoded = encoded(scope, mel(scope, samples));
            return kernels.one(
                            scope,
                            HEAD_KERNEL,
                            encoded,
                            positions,
                            weights.get("laugh.weight"),
                            weights.get("laugh.bias"))
                    .toFloatArray()[0];
        }
    }

    /** The log-mel of the last 8 s, with silence before a shorter sound, [80,800]. */
    NDArray mel(NDManager scope, float[] samples) {
        int length = SECONDS * VoicePerception.SAMPLE_RATE;
        int used = Math.min(samples.length, length);
        float[] padded = new float[length + WINDOW];
        System.arraycopy(samples, samples.length - used, padded, WINDOW / 2 + length - used, used);
        double sum = 0;
        double squares = 0;
        for (float sample : padded) {
            sum += sample;
            squares += (double) sample * sample;
        }
        double mean = sum / length;
        double deviation = Math.sqrt(squares / length - mean * mean + 1e-7);
        for (int i = WINDOW / 2; i < WINDOW / 2 + length; i++) {
            padded[i] = (float) ((padded[i] - mean) / deviation);
        }
        return kernels.one(scope, MEL_KERNEL, scope.create(padded), hann, filters);
    }

    /** What the encoder makes of a log-mel, [400,384]. */
    NDArray encoded(NDManager scope, NDArray mel) {
        NDArray x = kernels.one(scope, STEM_KERNEL, mel, weights("", STEM));
        for (int i = 0; i < LAYERS; i++) {
            x = kernels.one(scope, LAYER_KERNEL, x, weights("layers." + i + ".", LAYER));
        }
        return kernels.one(scope, NORMALISED_KERNEL, x, weights.get("norm.weight"), weights.get("norm.bias"));
    }

    /** Whisper's filter bank: triangles of equal area, even on Slaney's scale up to 8 kHz, [201,80]. */
    private static float[] slaney() {
        int lines = WINDOW / 2 + 1;
        double top = 15 + Math.log(8) * 27 / Math.log(6.4);
        float[] bank = new float[lines * BANDS];
        for (int band = 0; band < BANDS; band++) {
            double low = hertz(top * band / (BANDS + 1));
            double middle = hertz(top * (band + 1) / (BANDS + 1));
            double high = hertz(top * (band + 2) / (BANDS + 1));
            for (int line = 0; line < lines; line++) {
                double frequency = line * (double) VoicePerception.SAMPLE_RATE / WINDOW;
                double height = Math.min((frequency - low) / (middle - low), (high - frequency) / (high - middle));
                bank[line * BANDS + band] = (float) (2 / (high - low) * Math.max(0, height));
            }
        }
        return bank;
    }

    /** Slaney's scale: linear to 1 kHz (15 mel), then logarithmic. */
    private static double hertz(double mel) {
        return mel < 15 ? mel * 200 / 3 : 1000 * Math.exp((mel - 15) * Math.log(6.4) / 27);
    }
}
