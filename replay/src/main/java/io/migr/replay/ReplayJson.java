package io.migr.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.schemas.Dominance;
import io.migr.schemas.Emotion;
import io.migr.schemas.ReasoningStep;
import java.util.Locale;

/** Writes a replay's report as JSON; values that cannot be measured are null. */
public final class ReplayJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReplayJson() {}

    /** The lower-case name of an enum constant. */
    static String word(Enum<?> symbol) {
        return symbol.name().toLowerCase(Locale.ROOT);
    }

    /** The report as one JSON object. */
    public static ObjectNode of(ReplayResult result) {
        VersionComparison comparison = result.comparison();
        ObjectNode json = JSON.createObjectNode()
                .put("replay", result.plan().getId())
                .put("asked", result.plan().getAsked())
                .put("model", result.plan().getModel())
                .put("against", result.against())
                .put("started_at", result.plan().getStartedAt().toString())
                .put("clips", comparison.clips())
                .put("without_media", comparison.withoutMedia())
                .put("unmatched", result.unmatched())
                .put("failed", result.failed())
                .put("same", comparison.same())
                .put("same_texts", comparison.sameTexts());
        number(json, "agreement", comparison.agreement());
        number(json, "same_lead", comparison.sameLead());
        ObjectNode shift = json.putObject("share_shift");
        number(shift, "mean", comparison.meanShift());
        number(shift, "mean_absolute", comparison.meanAbsoluteShift());
        shift.put("largest", comparison.largestShift());
        for (long count : comparison.shifts()) {
            shift.withArray("histogram").add(count);
        }
        json.put("labelled", comparison.labelled())
                .put("lost", comparison.lost())
                .put("won", comparison.won());
        side(json.putObject("before"), comparison.before());
        side(json.putObject("after"), comparison.after());
        for (Emotion old : Emotion.values()) {
            for (Emotion now : Emotion.values()) {
                if (comparison.emotions(old, now) > 0) {
                    json.withObject("/emotions/" + word(old)).put(word(now), comparison.emotions(old, now));
                }
            }
        }
        for (Dominance old : Dominance.values()) {
            for (Dominance now : Dominance.values()) {
                if (comparison.leads(old, now) > 0) {
                    json.withObject("/leads/" + word(old)).put(word(now), comparison.leads(old, now));
                }
            }
        }
        result.reasons().forEach(json.withArray("failures")::add);
        json.putArray("most_changed");
        comparison
                .mostChanged()
                .forEach(change -> change(json.withArray("most_changed").addObject(), change));
        return json;
    }

    private static void number(ObjectNode json, String name, double value) {
        if (Double.isNaN(value)) {
            json.putNull(name);
        } else {
            json.put(name, value);
        }
    }

    private static void side(ObjectNode json, VersionStatistics side) {
        side.versions().stream().sorted().forEach(json.withArray("versions")::add);
        number(json, "inconsistent", side.inconsistent());
        number(json, "ir", side.ir());
        number(json, "war", side.war());
        number(json, "uar", side.uar());
    }

    private static void change(ObjectNode json, ClipChange change) {
        json.put("clip", change.clip())
                .put("label", change.label() == null ? null : word(change.label()))
                .put("size", change.size());
        answer(json.putObject("before"), change.before());
        answer(json.putObject("after"), change.after());
    }

    private static void answer(ObjectNode json, VersionAnswer answer) {
        json.put("model", answer.prediction().getModelVersion())
                .put("emotion", word(answer.prediction().getEmotion()))
                .put("visual_share", answer.prediction().getImportance().getVisualShare())
                .put("explanation_emotion", word(answer.prediction().getExplanationEmotion()))
                .set(
                        "modality_importance",
                        ImportanceJson.of(answer.prediction().getImportance()));
        for (ReasoningStep step : answer.explanation().getSteps()) {
            json.withArray("explanation")
                    .addObject()
                    .put("modality", step.getModality() == null ? null : word(step.getModality()))
                    .put("text", step.getText());
        }
    }
}
