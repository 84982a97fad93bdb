package io.migr.evaluation.measure;

import io.migr.corpus.ClipAnnotation;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.Cue;
import io.migr.corpus.CueAnnotation;
import io.migr.corpus.GenerativeModel;
import io.migr.corpus.text.CueReader;
import io.migr.evaluation.measure.Outcome.Claims;
import io.migr.evaluation.measure.Outcome.Prediction;
import io.migr.evaluation.measure.Outcome.Told;
import io.migr.evaluation.measure.Outcome.Truth;
import io.migr.evaluation.measure.Outcome.Weighing;
import io.migr.evaluation.readers.ExplanationReader;
import io.migr.evaluation.readers.GrammarReader;
import io.migr.evaluation.readers.Statement;
import io.migr.model.Analysis;
import io.migr.model.ClipInput;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.ModalityImportance;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.analysis.LocalClipAnalyser.Written;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** Runs an analyser over clips and keeps its results with the truth. One batch of media is in memory at a time. */
public final class Evaluation {
    private static final int BATCH = 16;

    private final List<ExplanationReader> readers;
    private final boolean audited;
    private final GenerativeModel bayes = new GenerativeModel();

    /** Creates an evaluation.
     *
     * @param readers readers of the explanations; reports show the {@link GrammarReader}'s findings first
     * @param audited whether to estimate modality importance by masked prefills too, which is expensive
     */
    public Evaluation(List<ExplanationReader> readers, boolean audited) {
        this.readers = List.copyOf(readers);
        this.audited = audited;
    }

    /** Receives every clip with its analysis. */
    public interface Observer {
        /** Ignores everything. */
        Observer NONE = (sample, analysis, text) -> {};

        /** Receives a clip, its analysis and the tokens of its explanation. */
        void analysed(EvaluationClip sample, Analysis analysis, int[] text);
    }

    /**
     * Evaluates all clips of a source.
     *
     * @param progress receives the number of clips done
     * @return one outcome per usable clip, in the order of the source
     * @throws InterruptedException if the thread is interrupted while clips are decoded
     */
    public List<Outcome> run(LocalClipAnalyser analyser, ClipSource source, IntConsumer progress, Observer observer)
            throws InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        for (int from = 0; from < source.size(); from += BATCH) {
            int to = Math.min(source.size(), from + BATCH);
            List<EvaluationClip> samples = source.read(from, to);
            List<ClipInput> inputs = samples.stream().map(EvaluationClip::input).toList();
            Written written = analyser.write(inputs, audited);
            List<Analysis> analyses = written.batch().analyses();
            for (int i = 0; i < samples.size(); i++) {
                int[] text = written.texts().get(i).tokens();
                List<ModalityImportance> audit =
                        audited ? List.of(written.audits().get(i)) : List.of();
                outcomes.add(outcome(samples.get(i), analyses.get(i), audit, text.length));
                observer.analysed(samples.get(i), analyses.get(i), text);
            }
            progress.accept(to);
        }
        return outcomes;
    }

    private Outcome outcome(EvaluationClip sample, Analysis analysis, List<ModalityImportance> audit, int tokens) {
        Map<ModalityImportance.Estimator, Weighing> weighings = new EnumMap<>(ModalityImportance.Estimator.class);
        List<ModalityImportance> estimates = new ArrayList<>(audit);
        estimates.add(analysis.importance());
        for (ModalityImportance one : estimates) {
            weighings.put(one.estimator(), new Weighing(one.visualShare(), one.dominant()));
        }
        Map<Emotion, Double> probabilities = new LinkedHashMap<>();
        analysis.probabilities().forEach((emotion, p) -> probabilities.put(emotion, (double) p));
        return new Outcome(
                sample.name(),
                sample.slice() != null ? sample.slice() : usable(analysis),
                truth(sample.annotation(), sample.bayes()),
                new Prediction(analysis.emotion(), probabilities, weighings),
                told(analysis.explanation(), tokens, sample.annotation()));
    }

    /** What results are compared with: the label and, if the clip's truth is known, what follows from it. */
    public Truth truth(ClipAnnotation annotation) {
        return truth(annotation, null);
    }

    private Truth truth(ClipAnnotation annotation, Emotion best) {
        if (!(annotation instanceof ClipTruth truth)) {
            Dominance leads = best != null && annotation instanceof CueAnnotation cues ? cues.leads() : null;
            return new Truth(annotation.label(), best, leads, Map.of());
        }
        Map<String, Emotion> references = new LinkedHashMap<>();
        for (ExplanationReader reader : readers) {
            if (reader.reference(truth) != null) {
                references.put(reader.name(), reader.reference(truth));
            }
        }
        return new Truth(truth.label(), bayes.posterior(truth).best(), truth.oracle(), references);
    }

    /** Everything that is measured on an explanation.
     *
     * @param tokens its length in tokens
     * @param annotation what is known of the clip; claims are checked if it says what is true or what was measured
     */
    public Told told(Explanation explanation, int tokens, ClipAnnotation annotation) {
        Map<String, Statement> statements = new LinkedHashMap<>();
        readers.forEach(reader -> statements.put(reader.name(), reader.read(explanation)));
        return new Told(
                explanation.raw(),
                explanation.answer(),
                explanation.first(),
                explanation.finish() == Finish.STOP,
                tokens,
                statements,
                annotation instanceof CueAnnotation cues ? claims(explanation, cues) : null);
    }

    private static Claims claims(Explanation explanation, CueAnnotation truth) {
        List<Cue> claimed = CueReader.cues(explanation);
        List<Cue> salient = Cue.salient(truth);
        return new Claims(
                claimed.stream().map(Cue::id).toList(),
                claimed.stream().filter(cue -> cue.isTrue(truth)).map(Cue::id).toList(),
                salient.stream().map(Cue::id).toList(),
                salient.stream().filter(claimed::contains).map(Cue::id).toList());
    }

    private static String usable(Analysis analysis) {
        ModalityImportance importance = analysis.importance();
        boolean face = analysis.missing() == null || importance.vVisual() != importance.vNone();
        boolean voice = analysis.missing() == null || importance.vAudio() != importance.vNone();
        return face && voice ? "face-and-voice" : face ? "face-alone" : voice ? "voice-alone" : "neither";
    }
}
