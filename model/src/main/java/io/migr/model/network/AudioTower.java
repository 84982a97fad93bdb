package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernel;
import io.migr.engine.Kernels;
import io.migr.engine.TensorOperations;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.engine.Weights.Start;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whisper's encoder: two convolutions (the second halves time), positions, pre-norm layers, final norm. */
public final class AudioTower {
    static final String PREFIX = "model.audio_tower.audio_tower.encoder.";

    /** Sizes in Hugging Face's terms; {@code positions} = mel frames / 2. */
    public record Config(int mels, int hidden, int layers, int heads, int intermediate, int positions) {}

    private static final double EPSILON = 1e-5;
    private static final Kernel EMBED = EncoderLayers.TEXT.kernel("audio_embed");

    private final Config config;
    private final Kernels kernels;
    private final NDArray[] embed;
    private final NDArray[] layers;
    private final NDArray[] norm;

    public AudioTower(Config config, Weights weights, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        embed = weights.list(
                PREFIX, "conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "embed_positions.weight");
        NDArray noBias = weights.manager().zeros(new Shape(config.hidden()));
        layers = EncoderLayers.list(weights, PREFIX + "layers.", config.layers(), EncoderLayers.WHISPER, noBias);
        norm = weights.list(PREFIX, "layer_norm.weight", "layer_norm.bias");
    }

    /** The names, shapes and initialisation of the parameters. */
    public static Map<String, Declaration> manifest(Config c) {
        Map<String, Declaration> all = new LinkedHashMap<>();
        all.put(PREFIX + "conv1.weight", new Declaration(Start.FAN_IN, c.hidden(), c.mels(), 3));
        all.put(PREFIX + "conv1.bias", new Declaration(Start.ZEROS, c.hidden()));
        all.put(PREFIX + "conv2.weight", new Declaration(Start.FAN_IN, c.hidden(), c.hidden(), 3));
        all.put(PREFIX + "conv2.bias", new Declaration(Start.ZEROS, c.hidden()));
        all.put(PREFIX + "embed_positions.weight", new Declaration(Start.SMALL, c.positions(), c.hidden()));
        EncoderLayers.declare(all, PREFIX + "layers.", c.layers(), EncoderLayers.WHISPER, c.hidden(), c.intermediate());
        all.put(PREFIX + "layer_norm.weight", new Declaration(Start.ONES, c.hidden()));
        all.put(PREFIX + "layer_norm.bias", new Declaration(Start.ZEROS, c.hidden()));
        return all;
    }

    /** Checkpoint tensors of the classification head, which is never used. */
    static boolean unused(String name) {
        return name.startsWith("model.audio_tower.audio_tower.") && !name.startsWith(PREFIX);
    }

    /** Convolutions and positions: {@code [N,mels,frames]} to {@code [N,frames/2,hidden]}. */
    NDArray embedded(NDManager scope, NDArray mel) {
        return kernels.one(scope, EMBED, mel, embed[0], embed[1], embed[2], embed[3], embed[4]);
    }

    NDArray layers(NDManager scope, NDArray embedded, int depth) {
        return EncoderLayers.run(kernels, scope, embedded, layers, depth, config.heads(), EPSILON, false);
    }

    /**
     * The encoder's output.
     *
     * @param mel {@code [N,mels,frames]}, frames at most twice the positions
     * @return {@code [N,frames/2,hidden]}
     */
    public NDArray features(NDManager scope, NDArray mel) {
        NDArray x = layers(scope, embedded(scope, mel), config.layers());
        return TensorOperations.layerNorm(kernels, scope, x, norm[0], norm[1], EPSILON);
    }
}
