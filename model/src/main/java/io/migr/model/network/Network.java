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
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The HumanOmni network at any size: vision tower and audio tower, three-branch projector with a text gate, audio
 * projector, decoder. A network of measured cues has a {@link CueEncoder} in place of everything before the decoder;
 * its features are the rows of numbers themselves. It owns no memory: {@link Weights} owns the parameters, the caller's
 * scopes own the rest.
 */
public final class Network {

    /**
     * Sizes of all parts.
     *
     * @param vision null for a network of cues, as {@code audio} and {@code text}
     * @param frames pictures that are read per clip
     * @param cues null for a network of pictures and sound
     */
    public record Config(
            VisionTower.Config vision,
            AudioTower.Config audio,
            TextGate.Config text,
            Decoder.Config decoder,
            int frames,
            CueEncoder.Config cues) {

        /** Sizes of a network of pictures and sound. */
        public Config(
                VisionTower.Config vision,
                AudioTower.Config audio,
                TextGate.Config text,
                Decoder.Config decoder,
                int frames) {
            this(vision, audio, text, decoder, frames, null);
        }

        /** Sizes of a network of measured cues. */
        public static Config ofCues(CueEncoder.Config cues, Decoder.Config decoder) {
            return new Config(null, null, null, decoder, 0, cues);
        }

        /** Whether it reads measured cues in place of pictures and sound. */
        public boolean readsCues() {
            return cues != null;
        }

        /** The shape of what {@link Network#visionFeatures} reads of {@code clips} clips. */
        public Shape faceInput(int clips) {
            return readsCues()
                    ? new Shape(clips, cues.faceRows(), cues.values())
                    : new Shape((long) clips * frames, 3, vision.image(), vision.image());
        }

        /** The shape of what {@link Network#audioFeatures} reads of {@code clips} clips. */
        public Shape voiceInput(int clips) {
            return readsCues()
                    ? new Shape(clips, cues.voiceRows(), cues.values())
                    : new Shape(clips, audio.mels(), 2L * audio.positions());
        }

        /** The shape of what {@link Network#videoTokens} reads of {@code clips} clips. */
        public Shape faceFeatures(int clips) {
            return readsCues()
                    ? faceInput(clips)
                    : new Shape((long) clips * frames, (long) vision.side() * vision.side(), vision.hidden());
        }

        /** The shape of what {@link Network#audioTokens} reads of {@code clips} clips. */
        public Shape voiceFeatures(int clips) {
            return readsCues() ? voiceInput(clips) : new Shape(clips, audio.positions(), audio.hidden());
        }

        /** A copy with another decoder. */
        public Config with(Decoder.Config other) {
            return new Config(vision, audio, text, other, frames, cues);
        }

        /** Number of tokens for the pictures of one clip. */
        public int videoTokens() {
            if (readsCues()) {
                return cues.faceRows();
            }
            int half = (vision.side() + 1) / 2;
            return frames * half * half;
        }

        /** Number of tokens for the sound of one clip. */
        public int audioTokens() {
            return readsCues() ? cues.voiceRows() : audio.positions() / 3;
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

    private static final int BRANCHES = 3;
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
    private final CueEncoder cues;
    private final Decoder decoder;

    public Network(Config config, Weights weights, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        embedding = weights.get("model.embed_tokens.weight");
        boolean ofCues = config.readsCues();
        vision = ofCues ? null : new VisionTower(config.vision(), weights, kernels);
        audio = ofCues ? null : new AudioTower(config.audio(), weights, kernels);
        gate = ofCues ? null : new TextGate(config.text(), weights, kernels);
        projector = ofCues ? null : new Projector(config.projector(), weights, kernels);
        cues = ofCues ? new CueEncoder(config.cues(), weights, kernels) : null;
        decoder = new Decoder(config.decoder(), weights, kernels);
    }

    /** The names, shapes and initialisation of the parameters. */
    public static Map<String, Declaration> manifest(Config c) {
        Map<String, Declaration> all = new LinkedHashMap<>();
        if (c.readsCues()) {
            all.putAll(CueEncoder.manifest(c.cues(), c.decoder().hidden()));
        } else {
            all.putAll(VisionTower.manifest(c.vision()));
            all.putAll(AudioTower.manifest(c.audio()));
            all.putAll(TextGate.manifest(c.text()));
            all.putAll(Projector.manifest(c.projector()));
        }
        all.putAll(Decoder.manifest(c.decoder()));
        return all;
    }

    /** Tensors of released checkpoints that no forward pass reads. */
    public static boolean unused(Config c, String name) {
        return !c.readsCues()
                && (VisionTower.unused(c.vision(), name) || AudioTower.unused(name) || TextGate.unused(name));
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

    /** Pictures {@code [n,3,image,image]} in -1..1 to features {@code [n,patches,vision]}; rows of cues stay as they are. */
    public NDArray visionFeatures(NDManager scope, NDArray pixels) {
        if (config.readsCues()) {
            return pixels;
        }
        visionTowers.addAndGet(pixels.getShape().get(0) / config.frames());
        return vision.features(scope, pixels);
    }

    /** Log-mel {@code [b,mels,frames]} to features {@code [b,frames/2,audio]}; rows of cues stay as they are. */
    public NDArray audioFeatures(NDManager scope, NDArray mel) {
        if (config.readsCues()) {
            return mel;
        }
        audioTowers.addAndGet(mel.getShape().get(0));
        return audio.features(scope, mel);
    }

    /**
     * The text gate's branch weights, {@code [b,3]}; constant for a constant instruction. Zeros for a network of cues,
     * which has no branches.
     */
    public NDArray branchWeights(NDManager scope, NDArray ids, boolean[][] attention) {
        if (config.readsCues()) {
            return scope.zeros(new Shape(ids.getShape().get(0), BRANCHES));
        }
        NDArray types = scope.zeros(ids.getShape(), ids.getDataType());
        return gate.branchWeights(scope, ids, types, attention);
    }

    /** Vision features of {@code b} clips to tokens {@code [b,videoTokens,hidden]}. */
    public NDArray videoTokens(NDManager scope, NDArray features, NDArray branches) {
        return config.readsCues()
                ? cues.face(scope, features)
                : projector.video(scope, features, config.frames(), branches);
    }

    /** Audio features to tokens {@code [b,audioTokens,hidden]}. */
    public NDArray audioTokens(NDManager scope, NDArray features) {
        return config.readsCues() ? cues.voice(scope, features) : projector.audio(scope, features);
    }

    /** The embeddings that {@code splice} lays out, {@code [b,length,hidden]}; zeros where padded. */
    public NDArray embed(NDManager scope, TokenSplice splice, NDArray video, NDArray audioTokens) {
        NDArray ids = scope.create(splice.textIds(), new Shape(splice.textIds().length));
        NDArray index = scope.create(splice.index(), new Shape(splice.attention().length, splice.length()));
        NDArray[] tokens = config.readsCues()
                ? cues.told(scope, video, audioTokens, splice.seen(), splice.heard())
                : new NDArray[] {video, audioTokens};
        return kernels.one(scope, SPLICE, ids, embedding, tokens, index);
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
