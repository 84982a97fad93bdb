package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernel;
import io.migr.engine.KernelText;
import io.migr.engine.Kernels;
import io.migr.engine.TensorOperations;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.engine.Weights.Start;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * HumanOmni's three-branch video projector and its audio projector. Video and body branches: two residual blocks, a
 * 2x2x2 sampler, two residual blocks, a two-layer MLP. The sampler pads one step of time in front and drops the
 * last, so step t sees frames t-1 and t only. Face branch: an MLP per patch, then a halved grid. The gate's weights
 * mix the three token by token. Maps are kept {@code [n,h,w,c]}, so that 1x1 convolutions are matrix products.
 */
public final class Projector {
    private static final KernelText TEXT =
            KernelText.load(Projector.class, "projector.torchscript", TensorOperations.TEXT);
    private static final Kernel REG_BLOCK = TEXT.kernel("reg_block");
    private static final Kernel SAMPLER = TEXT.kernel("sampler");
    private static final Kernel HALVE = TEXT.kernel("halve");
    private static final Kernel MIX = TEXT.kernel("mix");
    private static final Kernel POOL_AUDIO = TEXT.kernel("pool_audio");
    private static final Kernel AS_MAPS = TEXT.kernel("as_maps");
    private static final Kernel SPLIT_FRAMES = TEXT.kernel("split_frames");
    private static final Kernel MERGE_FRAMES = TEXT.kernel("merge_frames");
    private static final Kernel AS_TOKENS = TEXT.kernel("as_tokens");
    private static final Kernel JOIN_FRAMES = TEXT.kernel("join_frames");

    private static final String VIDEO = "model.mm_projector.";
    static final String[] BLOCK = {
        "conv1.conv.weight",
        "conv1.bn.weight",
        "conv1.bn.bias",
        "conv2.conv.weight",
        "conv2.bn.weight",
        "conv2.bn.bias",
        "se.fc1.weight",
        "se.fc1.bias",
        "se.fc2.weight",
        "se.fc2.bias",
        "conv3.conv.weight",
        "conv3.bn.weight",
        "conv3.bn.bias"
    };
    static final String[] SHORTCUT = {"downsample.conv.weight", "downsample.bn.weight", "downsample.bn.bias"};
    private static final String[] MLP = {"0.weight", "0.bias", "2.weight", "2.bias"};

    /** Widths: of vision features, of audio features, of the decoder. */
    public record Config(int vision, int audio, int hidden) {}

    private record Branch(
            NDArray[] s1b1, NDArray[] s1b2, NDArray[] sampler, NDArray[] s2b1, NDArray[] s2b2, NDArray[] readout) {}

    private final Kernels kernels;
    private final Branch video;
    private final Branch body;
    private final NDArray[] face;
    private final NDArray[] audio;

    public Projector(Config config, Weights weights, Kernels kernels) {
        this.kernels = kernels;
        boolean widens = config.vision() != config.hidden();
        video = branch(weights, "video", widens);
        body = branch(weights, "body", widens);
        face = weights.list(VIDEO + "mlp_2xgelu_face.", MLP);
        audio = weights.list("model.audio_projector.", MLP);
    }

    private static Branch branch(Weights weights, String name, boolean widens) {
        String[] first = BLOCK;
        if (widens) {
            List<String> names = new ArrayList<>(List.of(BLOCK));
            names.addAll(List.of(SHORTCUT));
            first = names.toArray(String[]::new);
        }
        return new Branch(
                weights.list(VIDEO + "s1_" + name + ".b1.", first),
                weights.list(VIDEO + "s1_" + name + ".b2.", BLOCK),
                weights.list(VIDEO + "sampler_" + name + ".", "0.weight", "0.bias"),
                weights.list(VIDEO + "s2_" + name + ".b1.", BLOCK),
                weights.list(VIDEO + "s2_" + name + ".b2.", BLOCK),
                weights.list(VIDEO + "readout_" + name + ".", MLP));
    }

    /** The names, shapes and initialisation of the parameters. */
    public static Map<String, Declaration> manifest(Config c) {
        Map<String, Declaration> all = new LinkedHashMap<>();
        for (String branch : List.of("video", "body")) {
            block(all, VIDEO + "s1_" + branch + ".b1.", c.vision(), c.hidden());
            block(all, VIDEO + "s1_" + branch + ".b2.", c.hidden(), c.hidden());
            all.put(
                    VIDEO + "sampler_" + branch + ".0.weight",
                    new Declaration(Start.FAN_IN, c.hidden(), c.hidden(), 2, 2, 2));
            all.put(VIDEO + "sampler_" + branch + ".0.bias", new Declaration(Start.ZEROS, c.hidden()));
            block(all, VIDEO + "s2_" + branch + ".b1.", c.hidden(), c.hidden());
            block(all, VIDEO + "s2_" + branch + ".b2.", c.hidden(), c.hidden());
            mlp(all, VIDEO + "readout_" + branch + ".", c.hidden(), c.hidden());
        }
        mlp(all, VIDEO + "mlp_2xgelu_face.", c.vision(), c.hidden());
        mlp(all, "model.audio_projector.", c.audio(), c.hidden());
        return all;
    }

    private static void block(Map<String, Declaration> all, String prefix, int in, int out) {
        // timm rounds a quarter of the block's input channels
        int squeezed = Math.round(in * 0.25f);
        all.put(prefix + "conv1.conv.weight", new Declaration(Start.FAN_IN, out, in, 1, 1));
        norm(all, prefix + "conv1.bn.", out);
        all.put(prefix + "conv2.conv.weight", new Declaration(Start.FAN_IN, out, 1, 3, 3));
        norm(all, prefix + "conv2.bn.", out);
        all.put(prefix + "se.fc1.weight", new Declaration(Start.FAN_IN, squeezed, out, 1, 1));
        all.put(prefix + "se.fc1.bias", new Declaration(Start.ZEROS, squeezed));
        all.put(prefix + "se.fc2.weight", new Declaration(Start.FAN_IN, out, squeezed, 1, 1));
        all.put(prefix + "se.fc2.bias", new Declaration(Start.ZEROS, out));
        all.put(prefix + "conv3.conv.weight", new Declaration(Start.FAN_IN, out, out, 1, 1));
        norm(all, prefix + "conv3.bn.", out);
        if (in != out) {
            all.put(prefix + "downsample.conv.weight", new Declaration(Start.FAN_IN, out, in, 1, 1));
            norm(all, prefix + "downsample.bn.", out);
        }
    }

    private static void norm(Map<String, Declaration> all, String prefix, int width) {
        all.put(prefix + "weight", new Declaration(Start.ONES, width));
        all.put(prefix + "bias", new Declaration(Start.ZEROS, width));
    }

    private static void mlp(Map<String, Declaration> all, String prefix, int in, int out) {
        all.put(prefix + "0.weight", new Declaration(Start.FAN_IN, out, in));
        all.put(prefix + "0.bias", new Declaration(Start.ZEROS, out));
        all.put(prefix + "2.weight", new Declaration(Start.FAN_IN, out, out));
        all.put(prefix + "2.bias", new Declaration(Start.ZEROS, out));
    }

    /** First stage of a branch on maps {@code [n,h,w,vision]}. */
    NDArray stage1(NDManager scope, boolean ofVideo, NDArray maps) {
        Branch branch = ofVideo ? video : body;
        return block(scope, block(scope, maps, branch.s1b1), branch.s1b2);
    }

    private NDArray branch(NDManager scope, Branch branch, boolean ofVideo, NDArray features, int frames) {
        NDArray maps = stage1(scope, ofVideo, maps(scope, features));
        NDArray sampled = kernels.one(
                scope, SAMPLER, kernels.one(scope, SPLIT_FRAMES, maps, frames), branch.sampler[0], branch.sampler[1]);
        NDArray x = block(scope, kernels.one(scope, MERGE_FRAMES, sampled), branch.s2b1);
        x = kernels.one(scope, AS_TOKENS, block(scope, x, branch.s2b2), frames);
        return mlp(scope, x, branch.readout);
    }

    private NDArray block(NDManager scope, NDArray maps, NDArray[] w) {
        return kernels.one(scope, REG_BLOCK, maps, w);
    }

    /** Patches {@code [n,side*side,c]} as maps {@code [n,side,side,c]}. */
    NDArray maps(NDManager scope, NDArray features) {
        return kernels.one(scope, AS_MAPS, features);
    }

    private NDArray mlp(NDManager scope, NDArray x, NDArray[] w) {
        return TensorOperations.mlp(kernels, scope, x, w);
    }

    /** The video branch: {@code [b*frames,patches,vision]} to {@code [b,tokens,hidden]}. */
    NDArray videoBranch(NDManager scope, NDArray features, int frames) {
        return branch(scope, video, true, features, frames);
    }

    NDArray bodyBranch(NDManager scope, NDArray features, int frames) {
        return branch(scope, body, false, features, frames);
    }

    NDArray faceBranch(NDManager scope, NDArray features) {
        return mlp(scope, features, face);
    }

    /** Halves the sides of a square patch grid by bilinear interpolation; odd sides are rounded up. */
    NDArray halved(NDManager scope, NDArray tokens) {
        return halved(kernels, scope, tokens);
    }

    static NDArray halved(Kernels kernels, NDManager scope, NDArray tokens) {
        int side = (int) Math.round(Math.sqrt(tokens.getShape().get(1)));
        return kernels.one(scope, HALVE, tokens, side);
    }

    /**
     * Video tokens.
     *
     * @param features {@code [b*frames,patches,vision]}
     * @param branches {@code [b,3]} weights of video, body and face
     * @return {@code [b,frames*patches/4,hidden]}
     */
    public NDArray video(NDManager scope, NDArray features, int frames, NDArray branches) {
        NDArray faces = kernels.one(scope, JOIN_FRAMES, halved(scope, faceBranch(scope, features)), frames);
        return kernels.one(scope, MIX, branches, new NDArray[] {
            videoBranch(scope, features, frames), bodyBranch(scope, features, frames), faces
        });
    }

    /** Audio tokens: the mean over three steps, then an MLP; {@code [b,t,audio]} to {@code [b,t/3,hidden]}. */
    public NDArray audio(NDManager scope, NDArray features) {
        return mlp(scope, kernels.one(scope, POOL_AUDIO, features, 3), audio);
    }
}
