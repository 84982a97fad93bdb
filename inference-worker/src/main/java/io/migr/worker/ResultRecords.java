package io.migr.worker;

import io.migr.model.Analysis;
import io.migr.model.ClipAnalyser.Batch;
import io.migr.model.Explanation;
import io.migr.model.Modality;
import io.migr.model.ModalityImportance.Estimator;
import io.migr.model.ReasoningStep;
import io.migr.schemas.ActionUnitIntensity;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionProbability;
import io.migr.schemas.EvidenceDecomposition;
import io.migr.schemas.FinishReason;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.ModalityImportance;
import io.migr.schemas.StageTimings;
import java.util.List;
import java.util.Map;

/** Converts the model's output to Avro records. Enum constants are matched by name. */
final class ResultRecords {
    private ResultRecords() {}

    /**
     * The prediction for a request.
     *
     * @param concluded the emotion that the explanation concludes according to the verifier; null if none
     * @param batch the batch that contained the clip, for its timings
     * @param queuedMs time from the request's record to the start of the batch, ms
     */
    static EmotionPrediction prediction(
            InferenceRequest request,
            Analysis analysis,
            io.migr.model.Emotion concluded,
            Batch batch,
            float queuedMs,
            String version) {
        io.migr.model.ModalityImportance importance = analysis.importance();
        return measured(request, version)
                .setEmotion(emotion(analysis.emotion()))
                .setProbabilities(probabilities(analysis.probabilities()))
                .setImportance(new ModalityImportance(
                        importance.vNone(),
                        importance.vVisual(),
                        importance.vAudio(),
                        importance.vBoth(),
                        importance.visualShare(),
                        io.migr.schemas.Dominance.valueOf(importance.dominant().name()),
                        importance.estimator() == Estimator.EVIDENCE_HEADS ? "evidence-heads" : "masked-prefill",
                        importance.labelFree(),
                        new EvidenceDecomposition(
                                importance.uniqueVisual(),
                                importance.uniqueAudio(),
                                importance.redundancy(),
                                importance.synergy(),
                                importance.totalEvidence())))
                .setActionUnits(analysis.actionUnits().stream()
                        .map(unit -> new ActionUnitIntensity(unit.actionUnit(), unit.intensity()))
                        .toList())
                .setExplanationEmotion(emotion(concluded))
                .setConsistent(concluded == analysis.emotion())
                .setMissingModality(missing(request, analysis))
                .setTimings(new StageTimings(
                        queuedMs,
                        batch.preprocessMs(),
                        batch.encodeMs(),
                        batch.importanceMs(),
                        batch.decodeMs(),
                        batch.analyses().size()))
                .build();
    }

    /** What a prediction says without the model. */
    private static EmotionPrediction.Builder measured(InferenceRequest request, String version) {
        return EmotionPrediction.newBuilder()
                .setClip(request.getClip())
                .setStartMs(request.getStartMs())
                .setDurationMs(request.getDurationMs())
                .setCapturedAt(request.getCapturedAt())
                .setModelVersion(version)
                .setMeasuredUnits(PersonUsual.units(request))
                .setVoice(request.getAudio() == null ? null : request.getAudio().getVoice())
                .setArousal(PersonUsual.arousal(request))
                .setBaseline(request.getBaseline());
    }

    /** The prediction for a request that the model is not asked about, with what was measured alone. */
    static EmotionPrediction notAsked(InferenceRequest request, String reason, float queuedMs, String version) {
        return measured(request, version)
                .setEmotion(Emotion.UNKNOWN)
                .setProbabilities(List.of())
                .setImportance(noImportance(0, "none"))
                .setActionUnits(List.of())
                .setExplanationEmotion(Emotion.UNKNOWN)
                .setConsistent(true)
                .setMissingModality(Analysis.joined(request.getVisualMissing(), request.getAudioMissing()))
                .setTimings(new StageTimings(queuedMs, 0f, 0f, 0f, 0f, 0))
                .setAbstained(true)
                .setAbstainedReason(reason)
                .build();
    }

    private static ModalityImportance noImportance(float prior, String estimator) {
        return new ModalityImportance(
                prior,
                prior,
                prior,
                prior,
                0.5f,
                io.migr.schemas.Dominance.UNKNOWN,
                estimator,
                true,
                new EvidenceDecomposition(0f, 0f, 0f, 0f, 0f));
    }

    /** Leaves nothing in a prediction that depends on what the model thinks of the clip. */
    static void abstain(EmotionPrediction prediction, Analysis analysis, String reason) {
        giveNoEmotion(prediction, reason);
        prediction.setProbabilities(probabilities(analysis.prior()));
        prediction.setImportance(noImportance(
                prediction.getImportance().getVNone(),
                prediction.getImportance().getEstimator()));
        prediction.setActionUnits(List.of());
    }

    /** Takes back the emotion of a prediction and leaves probabilities and importance. */
    static void giveNoEmotion(EmotionPrediction prediction, String reason) {
        prediction.setEmotion(Emotion.UNKNOWN);
        prediction.setExplanationEmotion(Emotion.UNKNOWN);
        prediction.setConsistent(true);
        prediction.setAbstained(true);
        prediction.setAbstainedReason(reason);
    }

    private static List<EmotionProbability> probabilities(Map<io.migr.model.Emotion, Float> probabilities) {
        return probabilities.entrySet().stream()
                .map(one -> new EmotionProbability(emotion(one.getKey()), one.getValue()))
                .toList();
    }

    /** For each missing modality the request's reason, or else the model's, which only sees that it is missing. */
    private static String missing(InferenceRequest request, Analysis analysis) {
        return Analysis.joined(
                request.getVisualMissing() == null ? analysis.faceMissing() : request.getVisualMissing(),
                request.getAudioMissing() == null ? analysis.voiceMissing() : request.getAudioMissing());
    }

    /** The explanation for a request whose prediction abstains: without steps. */
    static EmotionExplanation noExplanation(InferenceRequest request, String version) {
        return EmotionExplanation.newBuilder()
                .setClip(request.getClip())
                .setSteps(List.of())
                .setAnswer(Emotion.UNKNOWN)
                .setFollowsImportance(true)
                .setFinishReason(FinishReason.STOP)
                .setModelVersion(version)
                .build();
    }

    /** The explanation for a request. */
    static EmotionExplanation explanation(InferenceRequest request, Analysis analysis, String version) {
        Explanation explanation = analysis.explanation();
        return EmotionExplanation.newBuilder()
                .setClip(request.getClip())
                .setSteps(explanation.steps().stream()
                        .map(step -> new io.migr.schemas.ReasoningStep(
                                modality(step), step.text(), step.emotion() == null ? null : emotion(step.emotion())))
                        .toList())
                .setAnswer(emotion(explanation.answer()))
                .setFollowsImportance(follows(analysis))
                .setFinishReason(FinishReason.valueOf(explanation.finish().name()))
                .setModelVersion(version)
                .build();
    }

    private static boolean follows(Analysis analysis) {
        Modality leading = analysis.importance().dominant().modality();
        return leading == null || leading == analysis.explanation().first();
    }

    private static io.migr.schemas.Modality modality(ReasoningStep step) {
        return step.block().isDescription()
                ? io.migr.schemas.Modality.valueOf(step.block().modality().name())
                : null;
    }

    static Emotion emotion(io.migr.model.Emotion emotion) {
        return emotion == null ? Emotion.UNKNOWN : Emotion.valueOf(emotion.name());
    }
}
