package io.migr.model.analysis;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernels;
import io.migr.model.ClipInput;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.analysis.ClipEncoder.Encoded;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.decode.Generated;
import io.migr.model.decode.Sampling;
import io.migr.model.explain.ExplanationGrammar;
import io.migr.model.explain.GrammarConstraint;
import io.migr.model.network.Network;
import io.migr.model.network.TokenSplice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Measures what an explanation depends on while it is generated: where attention goes, and how the text changes when
 * the clip is replaced by another after the first block. Face and voice of every clip are shown to the decoder, so that
 * all prompts have the same segments. Not thread-safe; uses the analyser's model on the analyser's thread.
 */
public final class DriftProbe {

    /** What a token can attend to, in the order of {@link Attention}'s numbers. */
    public enum Segment {
        VIDEO,
        AUDIO,
        /** The instruction around the clip. */
        PROMPT,
        /** The text generated so far. */
        OWN
    }

    /**
     * Attention while one explanation is generated, mean over layers and heads.
     *
     * @param shares {@code [tokens][segments]} attention of the step that generates a token; each row sums to 1
     * @param even {@code [tokens][segments]} the same for uniform attention, as a baseline: a longer text gets more
     *     attention by its length alone
     * @param blocks {@code [tokens]} 0, 1, 2 for the blocks in the order of the text, 3 for the answer
     */
    public record Attention(double[][] shares, double[][] even, int[] blocks) {}

    private static final int BLOCKS = 3;

    private final LocalClipAnalyser analyser;
    private final EmotionModel model;
    private final int[] closings;

    public DriftProbe(LocalClipAnalyser analyser) {
        this.analyser = analyser;
        model = analyser.model();
        closings = new int[] {
            model.tokenizer().id("</vis_desc>"),
            model.tokenizer().id("</aud_desc>"),
            model.tokenizer().id("</think>")
        };
    }

    /**
     * Attention while each clip's text was generated, from one forward pass over the finished tokens.
     *
     * @param texts the decoded tokens, one text per clip
     */
    public List<Attention> attention(List<ClipInput> clips, List<int[]> texts) {
        Kernels.recordGradients(false);
        List<Attention> all = new ArrayList<>();
        try (NDManager scope = model.manager().newSubManager()) {
            Encoded encoded =
                    analyser.encoder().encode(scope, analyser.encoder().prepare(clips));
            for (int c = 0; c < clips.size(); c++) {
                try (NDManager passing = scope.newSubManager()) {
                    all.add(attention(passing, encoded, c, texts.get(c)));
                }
            }
        }
        return all;
    }

    private Attention attention(NDManager scope, Encoded encoded, int c, int[] text) {
        long[] prompt = model.prompt().ids(true, true);
        // the step that writes the last token has read all tokens but that one
        long[] row = row(prompt, Arrays.copyOf(text, text.length - 1));
        TokenSplice splice = analyser.splice(List.of(row));
        int first = splice.length() - text.length;
        Segment[] segments = segments(row, prompt.length);
        float[] groups = new float[segments.length * Segment.values().length];
        for (int t = 0; t < segments.length; t++) {
            groups[t * Segment.values().length + segments[t].ordinal()] = 1;
        }
        NDArray inputs =
                model.network().embed(scope, splice, clip(scope, encoded.video(), c), clip(scope, encoded.audio(), c));
        NDArray grouped = scope.create(groups, new Shape(segments.length, Segment.values().length));
        NDArray[] layers = model.network().decoder().attentionShares(scope, inputs, grouped);
        double[][] shares = new double[text.length][Segment.values().length];
        for (NDArray layer : layers) {
            float[] values = layer.toFloatArray();
            for (int t = 0; t < text.length; t++) {
                for (int s = 0; s < shares[t].length; s++) {
                    shares[t][s] += values[(first + t) * shares[t].length + s] / layers.length;
                }
            }
        }
        return new Attention(shares, even(segments, first, text.length), blocks(text));
    }

    private static long[] row(long[] prompt, int[] text) {
        long[] row = Arrays.copyOf(prompt, prompt.length + text.length);
        for (int t = 0; t < text.length; t++) {
            row[prompt.length + t] = text[t];
        }
        return row;
    }

    private static NDArray clip(NDManager scope, NDArray tokens, int c) {
        NDArray clip = tokens.get(c + ":" + (c + 1));
        clip.attach(scope);
        return clip;
    }

    /** The segment of each position of a row after its sentinels have been expanded. */
    private Segment[] segments(long[] row, int prompt) {
        Network.Config config = model.config().network();
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < row.length; i++) {
            Segment kind = row[i] == TokenSplice.VIDEO
                    ? Segment.VIDEO
                    : row[i] == TokenSplice.AUDIO ? Segment.AUDIO : i < prompt ? Segment.PROMPT : Segment.OWN;
            int count = row[i] == TokenSplice.VIDEO
                    ? config.videoTokens()
                    : row[i] == TokenSplice.AUDIO ? config.audioTokens() : 1;
            for (int k = 0; k < count; k++) {
                segments.add(kind);
            }
        }
        return segments.toArray(Segment[]::new);
    }

    private static double[][] even(Segment[] segments, int first, int tokens) {
        double[][] even = new double[tokens][Segment.values().length];
        for (int t = 0; t < tokens; t++) {
            int seen = first + t + 1;
            for (int i = 0; i < seen; i++) {
                even[t][segments[i].ordinal()] += 1.0 / seen;
            }
        }
        return even;
    }

    private int[] blocks(int[] text) {
        int[] blocks = new int[text.length];
        int block = 0;
        for (int t = 0; t < text.length; t++) {
            blocks[t] = block;
            block += block < BLOCKS && closes(text[t]) ? 1 : 0;
        }
        return blocks;
    }

    private boolean closes(int token) {
        return Arrays.stream(closings).anyMatch(closing -> closing == token);
    }

    /**
     * Keeps the first block of each text and lets the decoder generate the rest again, greedily, with another clip as
     * its input. The leading modality was measured, so a weighing block that was constrained to name it keeps that
     * constraint. With the text's own clip and greedy decoding, the result is the same text.
     *
     * @param clips the decoder's input from the second block on, one for each text
     * @param texts the decoded tokens, each with its first block closed
     */
    public List<Explanation> rewrite(List<ClipInput> clips, List<int[]> texts) {
        Kernels.recordGradients(false);
        try (NDManager scope = model.manager().newSubManager()) {
            ClipEncoder.Prepared prepared = analyser.encoder().prepare(clips);
            NDArray sound = analyser.encoder().sound(scope, prepared);
            Encoded encoded = analyser.encoder().encode(scope, prepared, sound);
            List<Boolean> present = Collections.nCopies(clips.size(), true);
            return rewrite(scope, encoded, analyser.barred(scope, sound, encoded, clips, present, present), texts);
        }
    }

    private List<Explanation> rewrite(NDManager scope, Encoded encoded, long[] barred, List<int[]> texts) {
        List<long[]> rows = new ArrayList<>();
        List<GrammarConstraint> constraints = new ArrayList<>();
        List<int[]> kept = new ArrayList<>();
        long[] prompt = model.prompt().ids(true, true);
        for (int[] text : texts) {
            int[] block = firstBlock(text);
            GrammarConstraint constraint = new GrammarConstraint(
                    analyser.tokens(),
                    null,
                    model.config().blockLimit(),
                    analyser.tokens().statedLead(text),
                    barred[rows.size()]);
            for (int token : block) {
                constraint.allowed(); // needed: records whether a block has to be cut
                constraint.accept(token);
            }
            rows.add(row(prompt, block));
            constraints.add(constraint);
            kept.add(block);
        }
        TokenSplice splice = analyser.splice(rows);
        NDArray prompts = model.network().embed(scope, splice, encoded.video(), encoded.audio());
        List<Generated> rests = analyser.generator()
                .generate(
                        prompts,
                        splice.attentionOrNull(),
                        constraints,
                        new long[rows.size()],
                        LocalClipAnalyser.LIMIT,
                        Sampling.GREEDY);
        List<Explanation> rewritten = new ArrayList<>();
        for (int c = 0; c < rests.size(); c++) {
            boolean whole = rests.get(c).stopped() && !constraints.get(c).cut();
            rewritten.add(explanation(kept.get(c), rests.get(c).tokens(), whole));
        }
        return rewritten;
    }

    private Explanation explanation(int[] kept, int[] rest, boolean whole) {
        int[] tokens = Arrays.copyOf(kept, kept.length + rest.length);
        System.arraycopy(rest, 0, tokens, kept.length, rest.length);
        String text = model.tokenizer().decode(tokens);
        return ExplanationGrammar.parse(text, model.config().labels(), whole ? Finish.STOP : Finish.LENGTH)
                .orElseThrow(() -> new IllegalStateException("Decoding left the grammar: " + text));
    }

    private int[] firstBlock(int[] text) {
        int end = 0;
        while (!closes(text[end])) {
            end++;
        }
        return Arrays.copyOf(text, end + 1);
    }
}
