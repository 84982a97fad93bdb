package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernel;
import io.migr.engine.KernelText;
import io.migr.engine.Kernels;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.engine.Weights.Start;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The heads that migr adds to the network: linear layers and MLPs over pooled features, which cost almost nothing
 * compared with the decoder.
 *
 * <ul>
 *   <li>On the vision tower: action units and whether there is a face, per picture.
 *   <li>On the audio tower: prosody and non-verbal sounds, which keep the tower's features meaningful in training.
 *   <li>On the projected tokens: the evidence for each emotion of the face, of the voice and of both, from which
 *       modality importance is computed before a word is decoded; and the prior, without either modality.
 * </ul>
 */
public final class Heads {
    /** FACS action units that the head reads, in the order of its outputs. */
    public static final List<Integer> ACTION_UNITS =
            List.of(1, 2, 4, 5, 6, 7, 9, 10, 12, 15, 16, 17, 20, 23, 24, 25, 26, 43);

    /** Outputs per picture: the units, then the face. */
    public static final int UNIT_OUTPUTS = ACTION_UNITS.size() + 1;

    /** Number of prosodic dimensions, the first outputs of the prosody head. */
    public static final int PROSODY_DIMENSIONS = 8;

    /** Number of kinds of non-verbal sound, none included; the remaining outputs of the prosody head. */
    public static final int SOUND_KINDS = 7;

    private static final KernelText TEXT = KernelText.load(Heads.class, "heads.torchscript");
    private static final Kernel POOLED_LINEAR = TEXT.kernel("pooled_linear");
    private static final Kernel POOLED_MLP = TEXT.kernel("pooled_mlp");

    private static final String UNITS = "heads.action_units.";
    private static final String PROSODY = "heads.prosody.";
    private static final String EVIDENCE = "heads.evidence.";
    private static final String[] LINEAR = {"weight", "bias"};
    private static final String[] MLP = {"0.weight", "0.bias", "2.weight", "2.bias"};

    private final Weights weights;
    private final Kernels kernels;

    /** Looks up parameters when a head is used, so that a stage of training may declare only those of its heads. */
    public Heads(Weights weights, Kernels kernels) {
        this.weights = weights;
        this.kernels = kernels;
    }

    /** The heads' parameters; {@code labels} is the size of the label set. */
    public static Map<String, Declaration> manifest(Network.Config c, int labels) {
        Map<String, Declaration> all = new LinkedHashMap<>();
        if (!c.readsCues()) { // there, units and prosody were measured before
            all.putAll(unitsManifest(c.vision()));
            all.putAll(prosodyManifest(c.audio()));
        }
        all.putAll(evidenceManifest(c.decoder().hidden(), labels));
        return all;
    }

    /** The parameters of the head on the vision tower. */
    public static Map<String, Declaration> unitsManifest(VisionTower.Config c) {
        Map<String, Declaration> all = new LinkedHashMap<>();
        linear(all, UNITS, c.hidden(), UNIT_OUTPUTS);
        return all;
    }

    /** The parameters of the head on the audio tower. */
    public static Map<String, Declaration> prosodyManifest(AudioTower.Config c) {
        Map<String, Declaration> all = new LinkedHashMap<>();
        linear(all, PROSODY, c.hidden(), PROSODY_DIMENSIONS + SOUND_KINDS);
        return all;
    }

    /** The parameters of the evidence heads, on tokens of width {@code hidden}. */
    public static Map<String, Declaration> evidenceManifest(int hidden, int labels) {
        Map<String, Declaration> all = new LinkedHashMap<>();
        all.put(EVIDENCE + "prior", new Declaration(Start.ZEROS, labels));
        for (String kind : List.of("visual", "audio", "both")) {
            linear(all, EVIDENCE + kind + ".0.", kind.equals("both") ? 2 * hidden : hidden, hidden);
            linear(all, EVIDENCE + kind + ".2.", hidden, labels);
        }
        return all;
    }

    private static void linear(Map<String, Declaration> all, String prefix, int in, int out) {
        all.put(prefix + "weight", new Declaration(Start.FAN_IN, out, in));
        all.put(prefix + "bias", new Declaration(Start.ZEROS, out));
    }

    /** Vision features {@code [n,patches,vision]} to logits of intensities {@code [n,UNIT_OUTPUTS]}. */
    public NDArray units(NDManager scope, NDArray visionFeatures) {
        NDArray[] w = weights.list(UNITS, LINEAR);
        return kernels.one(scope, POOLED_LINEAR, visionFeatures, w[0], w[1]);
    }

    /**
     * Peak intensity of each action unit over the pictures of one clip, 0..1.
     *
     * @param logits of {@link #units}, picture after picture
     */
    public static double[] peaks(float[] logits) {
        double[] peaks = new double[ACTION_UNITS.size()];
        for (int at = 0; at < logits.length; at++) {
            int unit = at % UNIT_OUTPUTS;
            if (unit < peaks.length) {
                peaks[unit] = Math.max(peaks[unit], 1 / (1 + Math.exp(-logits[at])));
            }
        }
        return peaks;
    }

    /** Audio features {@code [n,steps,audio]} to {@code [n,PROSODY_DIMENSIONS + SOUND_KINDS]}. */
    public NDArray prosody(NDManager scope, NDArray audioFeatures) {
        NDArray[] w = weights.list(PROSODY, LINEAR);
        return kernels.one(scope, POOLED_LINEAR, audioFeatures, w[0], w[1]);
    }

    /**
     * How far the voice of one clip is from the speaker's neutral in each prosodic dimension, in standard
     * deviations.
     *
     * @param prosody of {@link #prosody}, clip after clip
     */
    public static double[] deviations(float[] prosody, int clip) {
        double[] deviations = new double[PROSODY_DIMENSIONS];
        for (int d = 0; d < deviations.length; d++) {
            deviations[d] = prosody[clip * (PROSODY_DIMENSIONS + SOUND_KINDS) + d];
        }
        return deviations;
    }

    /** Logits of the label set with neither modality, {@code [labels]}. */
    public NDArray prior() {
        return weights.get(EVIDENCE + "prior");
    }

    /** Logits of the label set from the face alone: video tokens {@code [n,t,hidden]} to {@code [n,labels]}. */
    public NDArray visual(NDManager scope, NDArray videoTokens) {
        return mlp(scope, "visual.", videoTokens);
    }

    /** Logits of the label set from the voice alone. */
    public NDArray audio(NDManager scope, NDArray audioTokens) {
        return mlp(scope, "audio.", audioTokens);
    }

    /** Logits of the label set from both. */
    public NDArray both(NDManager scope, NDArray videoTokens, NDArray audioTokens) {
        return mlp(scope, "both.", videoTokens, audioTokens);
    }

    private NDArray mlp(NDManager scope, String kind, NDArray... tokens) {
        NDArray[] w = weights.list(EVIDENCE + kind, MLP);
        return kernels.one(scope, POOLED_MLP, tokens, w[0], w[1], w[2], w[3]);
    }
}
