package io.migr.model.network;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernel;
import io.migr.engine.KernelText;
import io.migr.engine.Kernels;
import io.migr.engine.Losses;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The HumanOmni network at any size: vision tower and audio tower, three-branch projector with a text gate, audio
 * projector, decoder. It owns no memory: {@link Weights} owns the parameters, the caller's scopes own the rest.
 */
public final class Network {

    /** Sizes of all parts; {@code frames} pictures are read per clip. */
    public record Config(
            VisionTower.Config vision,
            AudioTower.Config audio,
            TextGate.Config text,
            Decoder.Config decoder,
            int frames) {

        /** Number of tokens for the pictures of one clip. */
        public int videoTokens() {
            int half = (vision.side() + 1) / 2;
            return frames * half * half;
        }

        /** Number of tokens for the sound of one clip. */
        public int audioTokens() {
            return audio.positions() / 3;
        }

        Projector.Config projector() {
            return new Projector.Config(vision.hidden(), audio.hidden(), decoder.hidden());
        }
    }

    /**
     * Counts of what a network has run so far, in clips and texts; they show whether work is shared.
     *
     * @param visionTowers clips whose pictures went through the vision tower
     * @param audioTowers clips whose sound went through the audio tower
     * @param prompts prompts that went through the decoder
     * @param continuations texts that were scored over prompts already run
     */
    public record Work(long visionTowers, long audioTowers, long prompts, long continuations) {
        public Work plus(Work more) {
            return new Work(
                    visionTowers + more.visionTowers,
                    audioTowers + more.audioTowers,
                    prompts + more.prompts,
                    continuations + more.continuations);
        }

        public Work minus(Work before) {
            return new Work(
                    visionTowers - before.visionTowers,
                    audioTowers - before.audioTowers,
                    prompts - before.prompts,
                    continuations - before.continuations);
        }
    }

    private static final Kernel SPLICE =
            KernelText.load(Network.class, "network.torchscript").kernel("splice");

    private final Config config;
    private final Kernels kernels;
    private final AtomicLong visionTowers = new AtomicLong();
    private final AtomicLong audioTowers = new AtomicLong();
    private final NDArray embedding;
    private final VisionTower vision;
    private final AudioTower audio;
    private final TextGate gate;
    private final Projector projector;
    private final Decoder decoder;

    public Network(Config config, Weights weights, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        embedding = weights.get("model.embed_tokens.weight");
        vision = new VisionTower(config.vision(), weights, kernels);
        audio = new AudioTower(config.audio(), weights, kernels);
        gate = new TextGate(config.text(), weights, kernels);
        projector = new Projector(config.projector(), weights, kernels);
        decoder = new Decoder(config.decoder(), weights, kernels);
    }

    /** The names, shapes and initialisation of the parameters. */
    public static Map<String, Declaration> manifest(Config c) {
        Map<String, Declaration> all = new LinkedHashMap<>();
        all.putAll(VisionTower.manifest(c.vision()));
        all.putAll(AudioTower.manifest(c.audio()));
        all.putAll(TextGate.manifest(c.text()));
        all.putAll(Projector.manifest(c.projector()));
        all.putAll(Decoder.manifest(c.decoder()));
        return all;
    }

    /** Tensors of released checkpoints that no forward pass reads. */
    public static boolean unused(Config c, String name) {
        return VisionTower.unused(c.vision(), name) || AudioTower.unused(name) || TextGate.unused(name);
    }

    public Config config() {
        return config;
    }

    /** The device of the parameters; all inputs must be on it too. */
    public Device device() {
        return embedding.getDevice();
    }

    public Decoder decoder() {
        return decoder;
    }

    public Kernels kernels() {
        return kernels;
    }

    /** The work so far, of all threads. */
    public Work work() {
        return new Work(visionTowers.get(), audioTowers.get(), decoder.prompts(), decoder.continuations());
    }

    /** Pictures {@code [n,3,image,image]} in -1..1 to features {@code [n,patches,vision]}. */
    public NDArray visionFeatures(NDManager scope, NDArray pixels) {
        visionTowers.addAndGet(pixels.getShape().get(0) / config.frames());
        return vision.features(scope, pixels);
    }

    /** Log-mel {@code [b,mels,frames]} to features {@code [b,frames/2,audio]}. */
    public NDArray audioFeatures(NDManager scope, NDArray mel) {
        audioTowers.addAndGet(mel.getShape().get(0));
        return audio.features(scope, mel);
    }

    /** The text gate's branch weights, {@code [b,3]}; constant for a constant instruction. */
    public NDArray branchWeights(NDManager scope, NDArray ids, boolean[][] attention) {
        NDArray types = scope.zeros(ids.getShape(), ids.getDataType());
        return gate.branchWeights(scope, ids, types, attention);
    }

    /** Vision features of {@code b} clips to tokens {@code [b,videoTokens,hidden]}. */
    public NDArray videoTokens(NDManager scope, NDArray features, NDArray branches) {
        return projector.video(scope, features, config.frames(), branches);
    }

    /** Audio features to tokens {@code [b,audioTokens,hidden]}. */
    public NDArray audioTokens(NDManager scope, NDArray features) {
        return projector.audio(scope, features);
    }

    /** The embeddings that {@code splice} lays out, {@code [b,length,hidden]}; zeros where padded. */
    public NDArray embed(NDManager scope, TokenSplice splice, NDArray video, NDArray audioTokens) {
        NDArray ids = scope.create(splice.textIds(), new Shape(splice.textIds().length));
        NDArray index = scope.create(splice.index(), new Shape(splice.attention().length, splice.length()));
        return kernels.one(
                scope, SPLICE, ids, embedding, List.of(video, audioTokens).toArray(NDArray[]::new), index);
    }

    /** Logits of a spliced batch, {@code [b,length,vocabulary]}. */
    public NDArray logits(NDManager scope, TokenSplice splice, NDArray embeddings) {
        NDArray hidden = decoder.hidden(
                scope, embeddings, splice.attentionOrNull(), config.decoder().layers());
        return decoder.logits(scope, hidden);
    }

    /** Mean cross-entropy over the labelled positions. */
    public NDArray loss(NDManager scope, TokenSplice splice, NDArray embeddings) {
        NDArray labels = scope.create(splice.labels(), new Shape(splice.attention().length, splice.length()));
        return Losses.crossEntropy(kernels, scope, logits(scope, splice, embeddings), labels);
    }
}
