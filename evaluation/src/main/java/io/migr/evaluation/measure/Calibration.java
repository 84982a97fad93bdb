package io.migr.evaluation.measure;

import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.ModalityImportance;
import io.migr.model.ModalityImportance.Estimator;
import io.migr.model.analysis.Evidence;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.importance.ImportanceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Fits the evidence and importance temperatures on validation clips. The evidence temperature minimises the mean
 * negative log-likelihood of the labels. The importance temperature then maximises the mean recall of the three
 * dominances (visual, audio, balanced), with the tolerance unchanged.
 */
public final class Calibration {
    private static final int BATCH = 16;

    private record Case(Evidence evidence, Emotion label, Dominance oracle) {}

    private final EmotionModel model;
    private final List<Case> cases = new ArrayList<>();

    /**
     * Computes the evidence of validation clips.
     *
     * @param count number of clips, starting with the first of the split
     * @param progress receives the number of clips done
     */
    public Calibration(EmotionModel model, LocalClipAnalyser analyser, int count, IntConsumer progress) {
        this.model = model;
        for (int from = 0; from < count; from += BATCH) {
            List<RenderedClip> clips = CorpusClips.render(Split.VALIDATION, from, Math.min(count, from + BATCH));
            List<Evidence> evidence =
                    analyser.evidence(clips.stream().map(RenderedClip::input).toList(), 1);
            for (int i = 0; i < clips.size(); i++) {
                cases.add(new Case(
                        evidence.get(i),
                        clips.get(i).truth().label(),
                        clips.get(i).truth().oracle()));
            }
            progress.accept(cases.size());
        }
    }

    /** The model's configuration with both temperatures fitted. */
    public EmotionModelConfig fit() {
        double temperature = 1;
        double least = Double.POSITIVE_INFINITY;
        for (double t = 0.5; t <= 3; t *= 1.02) {
            double loss = negativeLogLikelihood(t);
            if (loss < least) {
                least = loss;
                temperature = t;
            }
        }
        double tolerance = model.config().importance().tolerance();
        ImportanceRule best = model.config().importance();
        double most = -1;
        for (double t = 0.05; t <= 10; t *= 1.05) {
            ImportanceRule rule = new ImportanceRule(t, tolerance);
            double recall = meanRecall(rule, temperature);
            if (recall > most) {
                most = recall;
                best = rule;
            }
        }
        return model.config().calibrated(round(temperature), new ImportanceRule(round(best.temperature()), tolerance));
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private double negativeLogLikelihood(double temperature) {
        double sum = 0;
        for (Case one : cases) {
            double[] scaled = scaled(one.evidence().best(), temperature);
            sum -= scaled[model.config().labels().indexOf(one.label())];
        }
        return sum / cases.size();
    }

    /** Normalised log-probabilities at another temperature, {@code log softmax(l / t)}. */
    static double[] scaled(double[] logProbabilities, double temperature) {
        double sum = 0;
        for (double value : logProbabilities) {
            sum += Math.exp(value / temperature);
        }
        double[] scaled = new double[logProbabilities.length];
        for (int y = 0; y < scaled.length; y++) {
            scaled[y] = logProbabilities[y] / temperature - Math.log(sum);
        }
        return scaled;
    }

    private double meanRecall(ImportanceRule rule, double temperature) {
        int[] right = new int[Dominance.values().length];
        int[] all = new int[Dominance.values().length];
        for (Case one : cases) {
            all[one.oracle().ordinal()]++;
            right[one.oracle().ordinal()] += decide(rule, one.evidence(), temperature) == one.oracle() ? 1 : 0;
        }
        double recall = 0;
        for (int i = 0; i < all.length; i++) {
            recall += right[i] / (double) Math.max(1, all[i]) / all.length;
        }
        return recall;
    }

    private static Dominance decide(ImportanceRule rule, Evidence evidence, double temperature) {
        double[] best = evidence.best();
        int y = 0;
        for (int i = 1; i < best.length; i++) {
            y = best[i] > best[y] ? i : y;
        }
        double[][] v = evidence.v();
        ModalityImportance importance = rule.decide(
                (float) v[0][y],
                (float) scaled(v[1], temperature)[y],
                (float) scaled(v[2], temperature)[y],
                (float) scaled(v[3], temperature)[y],
                evidence.face(),
                evidence.voice(),
                Estimator.EVIDENCE_HEADS,
                true);
        return importance.dominant();
    }
}
