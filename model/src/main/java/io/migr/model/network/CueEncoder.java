package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernel;
import io.migr.engine.KernelText;
import io.migr.engine.Kernels;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.engine.Weights.Start;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Turns what was measured of a face and of a voice into tokens, one a row of numbers, in place of towers and
 * projectors. A row has a linear layer of its own, so that its meaning needs no position.
 */
public final class CueEncoder {
    /**
     * Sizes.
     *
     * @param faceRows rows about the face
     * @param voiceRows rows about the voice
     * @param values numbers in a row
     * @param evidenceLabels emotions whose probabilities by the evidence heads the decoder is told; 0: it is not told
     */
    public record Config(int faceRows, int voiceRows, int values, int evidenceLabels) {}

    private static final KernelText TEXT = KernelText.load(CueEncoder.class, "cues.torchscript");
    private static final Kernel ROW_TOKENS = TEXT.kernel("row_tokens");
    private static final Kernel TOLD = TEXT.kernel("told");

    private static final String FACE = "model.cue_encoder.face.";
    private static final String VOICE = "model.cue_encoder.voice.";
    private static final String EVIDENCE = "model.cue_encoder.evidence.weight";
    private static final String[] LAYERS = {"0.weight", "0.bias", "2.weight", "2.bias"};

    private final Kernels kernels;
    private final NDArray[] face;
    private final NDArray[] voice;
    /** {@code [hidden,evidenceLabels]}; null: the decoder is not told. */
    private final NDArray evidence;

    private final Heads heads;

    CueEncoder(Config config, Weights weights, Kernels kernels) {
        this.kernels = kernels;
        heads = new Heads(weights, kernels);
        evidence = config.evidenceLabels() == 0 ? null : weights.get(EVIDENCE);
        face = weights.list(FACE, LAYERS);
        voice = weights.list(VOICE, LAYERS);
    }

    /** The names, shapes and initialisation of the parameters; {@code hidden} is the decoder's width. */
    static Map<String, Declaration> manifest(Config c, int hidden) {
        Map<String, Declaration> all = new LinkedHashMap<>();
        layers(all, FACE, c.faceRows(), c.values(), hidden);
        layers(all, VOICE, c.voiceRows(), c.values(), hidden);
        if (c.evidenceLabels() > 0) {
            all.put(EVIDENCE, new Declaration(Start.FAN_IN, hidden, c.evidenceLabels()));
        }
        return all;
    }

    private static void layers(Map<String, Declaration> all, String prefix, int rows, int values, int hidden) {
        all.put(prefix + "0.weight", new Declaration(Start.FAN_IN, (long) rows * hidden, values));
        all.put(prefix + "0.bias", new Declaration(Start.ZEROS, (long) rows * hidden));
        all.put(prefix + "2.weight", new Declaration(Start.FAN_IN, hidden, hidden));
        all.put(prefix + "2.bias", new Declaration(Start.ZEROS, hidden));
    }

    /** Rows {@code [n,faceRows,values]} to tokens {@code [n,faceRows,hidden]}. */
    NDArray face(NDManager scope, NDArray rows) {
        return kernels.one(scope, ROW_TOKENS, rows, face[0], face[1], face[2], face[3]);
    }

    /** Rows {@code [n,voiceRows,values]} to tokens {@code [n,voiceRows,hidden]}. */
    NDArray voice(NDManager scope, NDArray rows) {
        return kernels.one(scope, ROW_TOKENS, rows, voice[0], voice[1], voice[2], voice[3]);
    }

    /**
     * Adds to the tokens of each row what the evidence heads make of the modalities in it: the text then concludes what
     * is predicted. No gradient flows into the heads.
     *
     * @param seen per row whether its video tokens are in the text, as {@code heard} for its audio tokens
     * @return video and audio tokens; as given if the decoder is not told
     */
    NDArray[] told(NDManager scope, NDArray video, NDArray audio, boolean[] seen, boolean[] heard) {
        if (evidence == null) {
            return new NDArray[] {video, audio};
        }
        float[] mask = new float[3 * seen.length];
        for (int b = 0; b < seen.length; b++) {
            mask[3 * b] = seen[b] && !heard[b] ? 1 : 0;
            mask[3 * b + 1] = heard[b] && !seen[b] ? 1 : 0;
            mask[3 * b + 2] = seen[b] && heard[b] ? 1 : 0;
        }
        NDArray present = scope.create(mask, new Shape(seen.length, 3));
        NDArray byFace = heads.visual(scope, video);
        NDArray byVoice = heads.audio(scope, audio);
        NDArray byBoth = heads.both(scope, video, audio);
        return new NDArray[] {
            kernels.one(scope, TOLD, video, byFace, byVoice, byBoth, present, evidence),
            kernels.one(scope, TOLD, audio, byFace, byVoice, byBoth, present, evidence)
        };
    }
}
