package io.migr.evaluation.measure;

import io.migr.evaluation.measure.Drift.Stretch;
import io.migr.evaluation.measure.Drift.Swaps;
import io.migr.model.Analysis;
import io.migr.model.ClipInput;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.analysis.DriftProbe;
import io.migr.model.analysis.DriftProbe.Attention;
import io.migr.model.analysis.DriftProbe.Segment;
import io.migr.model.analysis.LocalClipAnalyser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/** Keeps the first evaluated clips that have both a face and a voice, and measures {@link Drift} on them. */
public final class DriftMeter implements Evaluation.Observer {
    private static final int BATCH = 16;
    private static final List<String> PARTS = List.of("first block", "second block", "weighing", "answer");

    private final int most;
    private final List<ClipInput> clips = new ArrayList<>();
    private final List<Explanation> explanations = new ArrayList<>();
    private final List<int[]> texts = new ArrayList<>();

    /** Creates a meter that keeps at most {@code most} clips, each of about 200 kB. */
    public DriftMeter(int most) {
        this.most = most;
    }

    @Override
    public void analysed(EvaluationClip sample, Analysis analysis, int[] text) {
        if (clips.size() < most && analysis.missing() == null) {
            clips.add(sample.input());
            explanations.add(analysis.explanation());
            texts.add(text);
        }
    }

    /** Sums attention over one stretch. */
    private static final class Sum {
        final double[] shares = new double[Segment.values().length];
        final double[] even = new double[shares.length];
        int tokens;
        int explanations;

        void add(double[] share, double[] uniform) {
            for (int s = 0; s < shares.length; s++) {
                shares[s] += share[s];
                even[s] += uniform[s];
            }
            tokens++;
        }

        Stretch stretch(String name) {
            double[] mean = shares.clone();
            double[] uniform = even.clone();
            for (int s = 0; s < mean.length; s++) {
                mean[s] /= tokens;
                uniform[s] /= tokens;
            }
            return new Stretch(name, explanations, mean, uniform);
        }
    }

    /** Measures drift on the clips kept.
     *
     * @param progress receives the number of clips done
     * @return null if no clip had both a face and a voice
     */
    public Drift measure(LocalClipAnalyser analyser, IntConsumer progress) {
        if (clips.isEmpty()) {
            return null;
        }
        DriftProbe probe = new DriftProbe(analyser);
        Map<Integer, Sum> curve = new TreeMap<>();
        Map<Integer, Sum> parts = new TreeMap<>();
        for (int from = 0; from < clips.size(); from += BATCH) {
            int to = Math.min(clips.size(), from + BATCH);
            for (Attention attention : probe.attention(clips.subList(from, to), texts.subList(from, to))) {
                add(attention, curve, parts);
            }
            progress.accept(to);
        }
        List<Stretch> stretches = new ArrayList<>();
        curve.forEach((at, sum) -> {
            if (2 * sum.explanations >= clips.size()) {
                stretches.add(sum.stretch(at * Drift.BUCKET + "-" + ((at + 1) * Drift.BUCKET - 1)));
            }
        });
        List<Stretch> blocks = new ArrayList<>();
        parts.forEach((part, sum) -> blocks.add(sum.stretch(PARTS.get(part))));
        return new Drift(clips.size(), stretches, blocks, swaps(probe));
    }

    private static void add(Attention attention, Map<Integer, Sum> curve, Map<Integer, Sum> parts) {
        int lastBucket = -1;
        int lastPart = -1;
        for (int t = 0; t < attention.shares().length; t++) {
            Sum bucket = curve.computeIfAbsent(t / Drift.BUCKET, at -> new Sum());
            Sum part = parts.computeIfAbsent(attention.blocks()[t], at -> new Sum());
            bucket.explanations += t / Drift.BUCKET == lastBucket ? 0 : 1;
            part.explanations += attention.blocks()[t] == lastPart ? 0 : 1;
            lastBucket = t / Drift.BUCKET;
            lastPart = attention.blocks()[t];
            bucket.add(attention.shares()[t], attention.even()[t]);
            part.add(attention.shares()[t], attention.even()[t]);
        }
    }

    private Swaps swaps(DriftProbe probe) {
        List<Integer> hosts = new ArrayList<>();
        List<Integer> donors = new ArrayList<>();
        for (int c = 0; c < clips.size(); c++) {
            int donor = donor(c);
            if (donor >= 0) {
                hosts.add(c);
                donors.add(donor);
            }
        }
        int second = 0;
        int think = 0;
        int answer = 0;
        int followed = 0;
        for (int from = 0; from < hosts.size(); from += BATCH) {
            int to = Math.min(hosts.size(), from + BATCH);
            List<ClipInput> own =
                    hosts.subList(from, to).stream().map(clips::get).toList();
            List<ClipInput> other =
                    donors.subList(from, to).stream().map(clips::get).toList();
            List<int[]> original =
                    hosts.subList(from, to).stream().map(texts::get).toList();
            List<Explanation> kept = probe.rewrite(own, original);
            List<Explanation> swapped = probe.rewrite(other, original);
            for (int i = 0; i < kept.size(); i++) {
                second += emotion(kept.get(i), 1) == emotion(swapped.get(i), 1) ? 0 : 1;
                think += kept.get(i).assertedEmotion() == swapped.get(i).assertedEmotion() ? 0 : 1;
                answer += kept.get(i).answer() == swapped.get(i).answer() ? 0 : 1;
                Emotion donated = explanations.get(donors.get(from + i)).answer();
                followed += swapped.get(i).answer() == donated ? 1 : 0;
            }
        }
        double pairs = hosts.size();
        return new Swaps(hosts.size(), second / pairs, think / pairs, answer / pairs, followed / pairs);
    }

    /** Index of the next clip with a different answer; -1 if there is none. */
    private int donor(int clip) {
        for (int d = 1; d < clips.size(); d++) {
            int other = (clip + d) % clips.size();
            if (explanations.get(other).answer() != explanations.get(clip).answer()) {
                return other;
            }
        }
        return -1;
    }

    private static Emotion emotion(Explanation explanation, int step) {
        return explanation.steps().get(step).emotion();
    }
}
