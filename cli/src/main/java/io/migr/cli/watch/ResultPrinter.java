package io.migr.cli.watch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.cli.watch.ResultReader.Result;
import io.migr.replay.ImportanceJson;
import io.migr.schemas.ActionUnitIntensity;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionProbability;
import io.migr.schemas.EvidenceDecomposition;
import io.migr.schemas.MeasuredUnit;
import io.migr.schemas.ModalityImportance;
import io.migr.schemas.ReasoningStep;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceMeasure;
import io.migr.schemas.VoicedEvent;
import java.util.Locale;

/** Formats results for people, and as one JSON object per line. */
public final class ResultPrinter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ResultPrinter() {}

    private static String word(Enum<?> symbol) {
        return symbol.name().toLowerCase(Locale.ROOT);
    }

    /** Several lines of text for terminals; one line for a dead letter. */
    public static String text(Result result) {
        if (result.prediction() == null) {
            return result.deadKey() + "  dead letter: " + result.deadReason() + "\n";
        }
        EmotionPrediction prediction = result.prediction();
        if (prediction.getAbstained()) {
            return ClipKey.name(prediction.getClip()) + "  cannot tell: " + prediction.getAbstainedReason() + "\n"
                    + UsualText.line(prediction);
        }
        StringBuilder text = new StringBuilder();
        float best = prediction.getProbabilities().stream()
                .map(EmotionProbability::getProbability)
                .max(Float::compare)
                .orElse(0f);
        ModalityImportance importance = prediction.getImportance();
        text.append(String.format(
                Locale.ROOT,
                "%s  %s (%.0f %%)  face %.0f %%, voice %.0f %%: %s%n",
                ClipKey.name(prediction.getClip()),
                word(prediction.getEmotion()),
                100 * best,
                100 * importance.getVisualShare(),
                100 - 100 * importance.getVisualShare(),
                leads(importance)));
        text.append(evidence(importance.getDecomposition()));
        for (ReasoningStep step : result.explanation().getSteps()) {
            String who = step.getModality() == null
                    ? "so"
                    : step.getModality().name().equals("VISUAL") ? "face" : "voice";
            text.append(String.format("    %-5s  %s%n", who, step.getText()));
        }
        if (!prediction.getConsistent()) {
            text.append("    !      inconsistent: the explanation ")
                    .append(
                            prediction.getExplanationEmotion() == Emotion.UNKNOWN
                                    ? "concludes no emotion"
                                    : "concludes " + word(prediction.getExplanationEmotion()))
                    .append(", the prediction is ")
                    .append(word(prediction.getEmotion()))
                    .append('\n');
        }
        if (prediction.getMissingModality() != null) {
            text.append("    missing: ").append(prediction.getMissingModality()).append('\n');
        }
        return text.append(UsualText.line(prediction)).toString();
    }

    /** The voice cues that describe the whole clip; units are those of the record. */
    private static void voice(ObjectNode json, VoiceCues voice) {
        if (voice == null) {
            json.putNull("voice");
            return;
        }
        ObjectNode cues = json.putObject("voice").put("speech_share", voice.getVoiceActivity());
        measure(cues, "f0_median", voice.getF0Median());
        measure(cues, "f0_range", voice.getF0Range());
        measure(cues, "level", voice.getLevel());
        measure(cues, "pause_share", voice.getPauseShare());
        measure(cues, "hnr", voice.getHnr());
        measure(cues, "cpp", voice.getCpp());
        measure(cues, "alpha_ratio", voice.getAlphaRatio());
        measure(cues, "hammarberg", voice.getHammarberg());
        measure(cues, "flux", voice.getFlux());
        if (voice.getPossibleLaughter() != null) {
            cues.put("possible_laughter", voice.getPossibleLaughter());
        }
        cues.putArray("events");
        for (VoicedEvent event : voice.getEvents()) {
            cues.withArray("events")
                    .addObject()
                    .put("start_ms", event.getStartMs())
                    .put("end_ms", event.getEndMs());
        }
    }

    private static void measure(ObjectNode cues, String name, VoiceMeasure measure) {
        if (measure == null) {
            cues.putNull(name);
        } else {
            cues.putObject(name)
                    .put("value", measure.getValue())
                    .put("error", measure.getError())
                    .put("reliability", measure.getReliability());
        }
    }

    /** What the evidence consists of, one line; nothing for a record of before it. */
    private static String evidence(EvidenceDecomposition evidence) {
        return evidence == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "    tells  %.2f nats: face alone %.2f, voice alone %.2f, either %.2f, only together %.2f%n",
                        evidence.getTotal(),
                        evidence.getUniqueVisual(),
                        evidence.getUniqueAudio(),
                        evidence.getRedundancy(),
                        evidence.getSynergy());
    }

    private static String leads(ModalityImportance importance) {
        return switch (importance.getDominant()) {
            case VISUAL -> "the face leads";
            case AUDIO -> "the voice leads";
            case BALANCED -> "balanced";
            case NEITHER -> "neither tells";
            case UNKNOWN -> "unknown";
        };
    }

    /** One JSON object: a result, or the key and the reason of a dead letter. */
    public static ObjectNode json(Result result) {
        ObjectNode json = JSON.createObjectNode();
        if (result.prediction() == null) {
            return json.put("key", result.deadKey()).put("dead_letter", result.deadReason());
        }
        EmotionPrediction prediction = result.prediction();
        json.put("clip", ClipKey.name(prediction.getClip()))
                .put("start_ms", prediction.getStartMs())
                .put("emotion", word(prediction.getEmotion()));
        ObjectNode probabilities = json.putObject("probabilities");
        prediction.getProbabilities().forEach(one -> probabilities.put(word(one.getEmotion()), one.getProbability()));
        json.set("modality_importance", ImportanceJson.of(prediction.getImportance()));
        ObjectNode units = json.putObject("action_units");
        for (ActionUnitIntensity unit : prediction.getActionUnits()) {
            units.put(String.valueOf(unit.getActionUnit()), unit.getIntensity());
        }
        ObjectNode measured = json.putObject("measured_units");
        for (MeasuredUnit unit : prediction.getMeasuredUnits()) {
            measured.putObject(String.valueOf(unit.getActionUnit()))
                    .put("value", unit.getValue())
                    .put("reliability", unit.getReliability())
                    .put("relative", unit.getRelative())
                    .put("usual", unit.getUsual());
        }
        voice(json, prediction.getVoice());
        UsualText.addTo(json, prediction);
        json.put("abstained", prediction.getAbstained()).put("abstained_reason", prediction.getAbstainedReason());
        json.putArray("explanation");
        for (ReasoningStep step : result.explanation().getSteps()) {
            ObjectNode one = json.withArray("explanation").addObject();
            one.put("modality", step.getModality() == null ? null : word(step.getModality()));
            one.put("text", step.getText());
            one.put("emotion", step.getEmotion() == null ? null : word(step.getEmotion()));
        }
        return json.put("answer", word(result.explanation().getAnswer()))
                .put("consistent", prediction.getConsistent())
                .put(
                        "explanation_emotion",
                        prediction.getExplanationEmotion() == Emotion.UNKNOWN
                                ? null
                                : word(prediction.getExplanationEmotion()))
                .put("missing", prediction.getMissingModality())
                .put("model", prediction.getModelVersion());
    }
}
