package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernel;
import io.migr.engine.Kernels;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.engine.Weights.Start;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * SigLIP's vision transformer: patches, learned positions, pre-norm layers with tanh-GELU. The projector reads the
 * output of the last layer but one, so the last layer, the final norm and the pooling head are never run.
 */
public final class VisionTower {
    static final String PREFIX = "model.vision_tower.vision_tower.vision_model.";
    /** Name of the patch embedding, {@code [hidden,3,patch,patch]}. */
    public static final String PATCH_EMBEDDING = PREFIX + "embeddings.patch_embedding.weight";

    /** Sizes in Hugging Face's terms; {@code layers} counts the one that is never run. */
    public record Config(int image, int patch, int hidden, int layers, int heads, int intermediate, double epsilon) {
        /** Patches along one side. */
        public int side() {
            return image / patch;
        }
    }

    private static final Kernel EMBED = EncoderLayers.TEXT.kernel("vision_embed");

    private final Config config;
    private final Kernels kernels;
    private final NDArray[] embed;
    private final NDArray[] layers;

    public VisionTower(Config config, Weights weights, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        embed = weights.list(
                PREFIX + "embeddings.", "patch_embedding.weight", "patch_embedding.bias", "position_embedding.weight");
        layers = EncoderLayers.list(
                weights, PREFIX + "encoder.layers.", config.layers() - 1, EncoderLayers.SIGLIP, null);
    }

    /** The names, shapes and initialisation of the parameters. */
    public static Map<String, Declaration> manifest(Config c) {
        Map<String, Declaration> all = new LinkedHashMap<>();
        all.put(PATCH_EMBEDDING, new Declaration(Start.FAN_IN, c.hidden(), 3, c.patch(), c.patch()));
        all.put(PREFIX + "embeddings.patch_embedding.bias", new Declaration(Start.ZEROS, c.hidden()));
        all.put(
                PREFIX + "embeddings.position_embedding.weight",
                new Declaration(Start.SMALL, (long) c.side() * c.side(), c.hidden()));
        EncoderLayers.declare(
                all, PREFIX + "encoder.layers.", c.layers() - 1, EncoderLayers.SIGLIP, c.hidden(), c.intermediate());
        return all;
    }

    /** Checkpoint tensors that are never used: the last layer, the final norm, the pooling head. */
    static boolean unused(Config c, String name) {
        return name.startsWith(PREFIX + "encoder.layers." + (c.layers() - 1) + ".")
                || name.startsWith(PREFIX + "post_layernorm.")
                || name.startsWith(PREFIX + "head.");
    }

    /**
     * Runs {@code depth} layers.
     *
     * @param pixels {@code [N,3,image,image]} in -1..1
     * @return {@code [N,patches,hidden]}
     */
    NDArray hidden(NDManager scope, NDArray pixels, int depth) {
        NDArray x = kernels.one(scope, EMBED, pixels, embed[0], embed[1], embed[2], config.patch());
        return EncoderLayers.run(kernels, scope, x, layers, depth, config.heads(), config.epsilon(), true);
    }

    /** The features that the projector reads, {@code [N,patches,hidden]}. */
    public NDArray features(NDManager scope, NDArray pixels) {
        return hidden(scope, pixels, config.layers() - 1);
    }
}
