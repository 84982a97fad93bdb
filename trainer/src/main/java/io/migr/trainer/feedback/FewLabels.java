package io.migr.trainer.feedback;

import io.migr.corpus.CueAnnotation;
import io.migr.corpus.Split;
import io.migr.evaluation.measure.Bootstrap;
import io.migr.evaluation.measure.CorpusClips;
import io.migr.evaluation.measure.EvaluationClip;
import io.migr.evaluation.measure.LabelledEvidence;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.promotion.PromotionGate;
import io.migr.evaluation.promotion.PromotionGate.Finding;
import io.migr.evaluation.promotion.PromotionGate.Pair;
import io.migr.model.ClipInput;
import io.migr.model.Emotion;
import io.migr.model.analysis.Evidence;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.importance.EvidenceTemperature;
import io.migr.schemas.ClipKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Learns from few labels: {@link EvidenceWeights}, and nothing else. They are fitted to the training clips. If the
 * corpus loses by them beyond chance, by the {@link PromotionGate} on corpus clips that no evaluation uses, the way from
 * the model's numbers is halved until it does not, at most {@value #HALVES} times, and then not taken at all.
 *
 * <p>How good that is is measured by cross-validation over persons: the clips of a person, training clips and held-out
 * ones, are predicted by numbers that were fitted, and halved, without the training clips of this person. If all clips
 * are of one person, each clip is left out in turn. A person is a participant id, whatever the call.
 */
public final class FewLabels {
    private static final int BATCH = 16;
    private static final int HALVES = 4;
    private static final String CORPUS = "corpus";

    /** The explanations are not measured: the decoder stays as it is. */
    private static final Outcome.Told NOTHING = new Outcome.Told("", null, null, false, 0, Map.of(), null);

    /**
     * A labelled clip.
     *
     * @param fold the clips of a fold are left out together
     * @param learned whether its label may be learned from: it is not held out
     */
    private record Clip(String id, String fold, LabelledEvidence evidence, boolean learned) {}

    private final LocalClipAnalyser analyser;
    private final EmotionModelConfig config;
    private final PromotionGate gate = new PromotionGate(Bootstrap.USUAL);
    private final List<Clip> clips = new ArrayList<>();
    private final List<Clip> corpus = new ArrayList<>();
    private final List<Outcome> corpusBefore;

    /**
     * Computes the evidence of labelled clips and of corpus clips.
     *
     * @param config of the analyser's model, which reads cues
     * @param training clips to learn from, named as by {@link ClipKey#name}
     * @param heldOut clips that are only predicted
     * @param corpusClips number of corpus clips, the first of the validation split
     */
    public FewLabels(
            LocalClipAnalyser analyser,
            EmotionModelConfig config,
            FeedbackLibrary training,
            List<EvaluationClip> heldOut,
            int corpusClips) {
        this.analyser = analyser;
        this.config = config;
        List<EvaluationClip> labelled = new ArrayList<>();
        for (int i = 0; i < training.size(); i++) {
            if (!(training.annotation(i) instanceof CueAnnotation.Reported known)) {
                throw new IllegalArgumentException("Clip " + training.id(i)
                        + " has no measured cues; few labels can only be learned by a model that reads cues.");
            }
            labelled.add(EvaluationClip.labelled(training.id(i), known.label(), ClipInput.of(known.reading())));
        }
        add(clips, labelled, true);
        add(clips, heldOut, false);
        add(corpus, CorpusClips.of(config, Split.VALIDATION, 0, corpusClips).read(0, corpusClips), false);
        corpusBefore = outcomes(corpus, none());
        if (clips.stream().map(Clip::fold).distinct().count() < 2) {
            clips.replaceAll(clip -> new Clip(clip.id(), clip.id(), clip.evidence(), clip.learned()));
        }
    }

    private void add(List<Clip> to, List<EvaluationClip> from, boolean learned) {
        for (int at = 0; at < from.size(); at += BATCH) {
            List<EvaluationClip> batch = from.subList(at, Math.min(from.size(), at + BATCH));
            List<Evidence> evidence =
                    analyser.evidence(batch.stream().map(EvaluationClip::input).toList(), EvidenceTemperature.same(1));
            for (int i = 0; i < batch.size(); i++) {
                String id = batch.get(i).name();
                int label = config.labels().indexOf(batch.get(i).label());
                String person = to == clips ? ClipKey.parse(id).getParticipantId() : id;
                to.add(new Clip(id, person, new LabelledEvidence(evidence.get(i), label, null), learned));
            }
        }
    }

    private EvidenceWeights none() {
        return EvidenceWeights.of(config.temperature(), config.labels().size());
    }

    /** The numbers that all training clips give. */
    public EvidenceWeights fit() {
        return fit("");
    }

    /** The numbers that the training clips outside a fold give, as far from the model's as the corpus permits. */
    private EvidenceWeights fit(String without) {
        List<LabelledEvidence> learned = clips.stream()
                .filter(clip -> clip.learned() && !clip.fold().equals(without))
                .map(Clip::evidence)
                .toList();
        EvidenceWeights whole =
                EvidenceWeights.fit(config.temperature(), config.labels().size(), learned);
        for (int halves = 0; halves <= HALVES; halves++) {
            EvidenceWeights part = whole.part(config.temperature(), Math.pow(0.5, halves));
            Pair pair = new Pair(corpusBefore, outcomes(corpus, part));
            if (gate.judge(Map.of(CORPUS, pair)).findings().stream().noneMatch(Finding::lost)) {
                return part;
            }
        }
        return none();
    }

    /** The outcomes of the labelled clips by the model as it is, without explanations. */
    public List<Outcome> before() {
        return outcomes(clips, none());
    }

    /**
     * The outcomes of the labelled clips by cross-validation, in the order of {@link #before}, without explanations.
     *
     * @param progress receives the number of folds done
     */
    public List<Outcome> crossValidated(IntConsumer progress) {
        Map<String, EvidenceWeights> folds = new LinkedHashMap<>();
        List<Outcome> outcomes = new ArrayList<>();
        for (Clip clip : clips) {
            if (!folds.containsKey(clip.fold())) {
                folds.put(clip.fold(), fit(clip.fold()));
                progress.accept(folds.size());
            }
            outcomes.add(outcome(clip, folds.get(clip.fold())));
        }
        return outcomes;
    }

    private List<Outcome> outcomes(List<Clip> of, EvidenceWeights weights) {
        return of.stream().map(clip -> outcome(clip, weights)).toList();
    }

    private Outcome outcome(Clip clip, EvidenceWeights weights) {
        Evidence evidence = weights.apply(clip.evidence().evidence());
        List<Emotion> labels = config.labels();
        Map<Emotion, Double> probabilities = new LinkedHashMap<>();
        for (int y = 0; y < labels.size(); y++) {
            probabilities.put(labels.get(y), Math.exp(evidence.best()[y]));
        }
        return new Outcome(
                clip.id(),
                "all",
                new Outcome.Truth(labels.get(clip.evidence().label()), null, null, Map.of()),
                new Outcome.Prediction(labels.get(evidence.favoured()), probabilities, Map.of()),
                NOTHING);
    }
}
