package io.migr.evaluation.measure;

import io.migr.corpus.CueAnnotation;
import io.migr.corpus.Split;
import io.migr.model.Dominance;
import io.migr.model.ModalityImportance;
import io.migr.model.ModalityImportance.Estimator;
import io.migr.model.analysis.Evidence;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.importance.EvidenceTemperature;
import io.migr.model.importance.ImportanceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Fits the evidence and importance temperatures on validation clips. For a rule without an evidence floor, the one
 * evidence temperature minimises the mean negative log-likelihood of the labels. The importance temperature then
 * maximises the mean recall of the three dominances (visual, audio, balanced), with the tolerance unchanged. For a rule
 * with a floor, {@link ImportanceFit} has the equations.
 */
public final class Calibration {
    private static final int BATCH = 16;

    private final EmotionModelConfig config;
    private final List<LabelledEvidence> cases = new ArrayList<>();

    /**
     * A calibration on clips of the caller's own.
     *
     * @param config of the model whose heads the evidence comes from
     */
    public Calibration(EmotionModelConfig config, List<LabelledEvidence> clips) {
        this.config = config;
        cases.addAll(clips);
    }

    /**
     * Computes the evidence of validation clips.
     *
     * @param count number of clips, starting with the first of the split
     * @param progress receives the number of clips done
     */
    public Calibration(EmotionModel model, LocalClipAnalyser analyser, int count, IntConsumer progress) {
        config = model.config();
        CorpusClips source = CorpusClips.of(config, Split.VALIDATION, 0, count);
        for (int from = 0; from < count; from += BATCH) {
            List<EvaluationClip> clips = source.read(from, Math.min(count, from + BATCH));
            List<Evidence> evidence =
                    analyser.evidence(clips.stream().map(EvaluationClip::input).toList(), EvidenceTemperature.same(1));
            for (int i = 0; i < clips.size(); i++) {
                CueAnnotation known = (CueAnnotation) clips.get(i).annotation();
                cases.add(new LabelledEvidence(evidence.get(i), config.labels().indexOf(known.label()), known.leads()));
            }
            progress.accept(cases.size());
        }
    }

    /** The model's configuration with all that its rule has fitted. */
    public EmotionModelConfig fit() {
        if (config.importance().evidenceFloor().isEmpty()) {
            return fitWithoutFloor();
        }
        ImportanceFit fit = new ImportanceFit(cases);
        EvidenceTemperature temperature = fit.temperatures(config.temperature());
        return config.calibrated(temperature, fit.rule(temperature, config.importance()));
    }

    private EmotionModelConfig fitWithoutFloor() {
        double temperature = 1;
        double least = Double.POSITIVE_INFINITY;
        for (double t = 0.5; t <= 3; t *= 1.02) {
            double loss = negativeLogLikelihood(t);
            if (loss < least) {
                least = loss;
                temperature = t;
            }
        }
        double tolerance = config.importance().tolerance();
        ImportanceRule best = config.importance();
        double most = -1;
        for (double t = 0.05; t <= 10; t *= 1.05) {
            ImportanceRule rule = new ImportanceRule(t, tolerance);
            double recall = meanRecall(rule, temperature);
            if (recall > most) {
                most = recall;
                best = rule;
            }
        }
        return config.calibrated(
                EvidenceTemperature.same(round(temperature)), new ImportanceRule(round(best.temperature()), tolerance));
    }

    static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private double negativeLogLikelihood(double temperature) {
        double sum = 0;
        for (LabelledEvidence one : cases) {
            double[] scaled = scaled(one.evidence().best(), temperature);
            sum -= scaled[one.label()];
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
        int[] right = new int[Dominance.NEITHER.ordinal()];
        int[] all = new int[right.length];
        for (LabelledEvidence one : cases) {
            all[one.oracle().ordinal()]++;
            Evidence scaled = ImportanceFit.scaled(one.evidence(), EvidenceTemperature.same(temperature));
            ModalityImportance importance =
                    scaled.importance(rule, one.evidence().favoured(), Estimator.EVIDENCE_HEADS, true);
            right[one.oracle().ordinal()] += importance.dominant() == one.oracle() ? 1 : 0;
        }
        double recall = 0;
        for (int i = 0; i < all.length; i++) {
            recall += right[i] / (double) Math.max(1, all[i]) / all.length;
        }
        return recall;
    }
}
