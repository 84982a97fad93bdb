package io.migr.cli.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import io.migr.cli.evaluate.RealClips.Answered;
import io.migr.corpus.text.CueReader;
import io.migr.model.Analysis;
import io.migr.model.verify.SentenceSplitter;
import io.migr.schemas.EmotionProbability;
import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceExpression;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Compares what was measured on faces with what a person saw in them. */
final class RealFaceScores {
    private static final float CALLED = 0.5f;
    private static final float LIKELY = 0.6f;
    private static final List<String> COVERED = List.of("hand", "dark", "cut", "sunglasses");
    private static final int SMALLEST_BOX = 55;
    /** Lower bounds of the groups of a table of reliability. */
    private static final double[] GROUPS = {0, 0.4, 0.6, 2 / 3.0, 0.8};

    private static final List<String> EXPRESSIONS = List.of("happy", "neutral", "surprise");
    /** A picture of coins that bear faces: neither right nor wrong to find one. */
    private static final String DECOY = "coins.png";

    private final RealScores scores = new RealScores();

    private RealFaceScores() {}

    static RealScores of(List<Answered> all) {
        RealFaceScores faces = new RealFaceScores();
        faces.found(all);
        List<Answered> plain = only(all, one -> one.entry().variant() == null);
        faces.units(plain, "");
        faces.told(plain);
        faces.expressions(plain, "");
        all.stream()
                .map(one -> one.entry().variant())
                .filter(Objects::nonNull)
                .distinct()
                .forEach(variant -> faces.variant(
                        only(all, one -> variant.equals(one.entry().variant())), variant));
        return faces.scores;
    }

    private void found(List<Answered> all) {
        List<Answered> plain = only(all, one -> one.entry().variant() == null);
        scores.add(
                "found, near-frontal, >= 55 px wide",
                only(plain, one -> {
                    JsonNode box = label(one).path("face_box_detected");
                    return faces(one) > 0
                            && List.of("frontal", "three-quarter")
                                    .contains(label(one).path("pose").asText())
                            && box.path(2).asInt() - box.path(0).asInt() >= SMALLEST_BOX;
                }),
                RealFaceScores::found);
        scores.add(
                "found, other pictures and clips of people",
                only(plain, one -> faces(one) > 0 && !label(one).has("face_box_detected")),
                RealFaceScores::found);
        List<Answered> faceless = only(plain, one -> faces(one) == 0);
        scores.add("nothing found, no face", only(faceless, one -> !decoy(one)), one -> !found(one));
        scores.add("nothing found, decoys", only(faceless, RealFaceScores::decoy), one -> !found(one));
    }

    private void variant(List<Answered> all, String variant) {
        String before = variant + ": ";
        scores.add(before + "found", only(all, one -> faces(one) > 0), RealFaceScores::found);
        units(all, before);
        expressions(all, before);
    }

    /** Counts units that do not need a baseline, on faces that were found. */
    private void units(List<Answered> all, String before) {
        List<Answered> seen = only(all, one -> found(one) && label(one).has("au_present"));
        TreeSet<Integer> units = new TreeSet<>();
        seen.forEach(one -> face(one).getUnits().stream()
                .filter(unit -> !unit.getRelative())
                .forEach(unit -> units.add(unit.getActionUnit())));
        for (int unit : units) {
            List<Answered> sure = only(seen, one -> !lists(one, "au_unsure", unit));
            scores.add(
                    before + "AU " + unit + " called, present",
                    only(sure, one -> lists(one, "au_present", unit)),
                    one -> called(one, unit));
            scores.add(
                    before + "AU " + unit + " called, absent (false)",
                    only(sure, one -> !lists(one, "au_present", unit)),
                    one -> called(one, unit));
        }
    }

    /** A unit that an explanation says is there. */
    private record Told(Answered of, int unit) {}

    /** Compares what explanations say of units that do not need a baseline with what the labeller is sure of. */
    private void told(List<Answered> all) {
        List<Told> told = all.stream()
                .filter(one -> label(one).has("au_present"))
                .flatMap(one -> one.explanation().getSteps().stream()
                        .flatMap(step -> SentenceSplitter.of(step.getText()).stream())
                        .map(CueReader::meaning)
                        .filter(cue -> cue != null && cue.matches("AU\\d+"))
                        .map(cue -> Integer.parseInt(cue.substring(2)))
                        .distinct()
                        .map(unit -> new Told(one, unit)))
                .filter(one -> !lists(one.of(), "au_unsure", one.unit()))
                .toList();
        scores.add("units that explanations name: present", told, one -> lists(one.of(), "au_present", one.unit()));
        scores.add(
                "units that explanations of answered clips name: present",
                told.stream()
                        .filter(one -> !one.of().prediction().getAbstained())
                        .toList(),
                one -> lists(one.of(), "au_present", one.unit()));
    }

    private void expressions(List<Answered> all, String before) {
        List<Answered> clear = only(
                all,
                one -> EXPRESSIONS.contains(expected(one))
                        && !label(one).path("confidence").asText().equals("low"));
        for (String expression : EXPRESSIONS) {
            scores.add(
                    before + "looks " + expression + ": right",
                    only(clear, one -> expected(one).equals(expression) && posterior(one) != null),
                    one -> apparent(one).getKey().equals(expression));
        }
        List<Answered> asserted =
                only(clear, one -> posterior(one) != null && apparent(one).getValue() >= LIKELY);
        scores.add(before + "expression asserted (>= 0.6)", clear, asserted::contains);
        scores.add(before + "expression asserted: right", asserted, one -> apparent(one)
                .getKey()
                .equals(expected(one)));
        List<Answered> seen = only(clear, RealFaceScores::found);
        scores.add(before + "most probable emotion right, face found", seen, RealFaceScores::probable);
        scores.add(before + "prediction right", clear, RealFaceScores::right);
        scores.add(
                before + "prediction abstained", clear, one -> one.prediction().getAbstained());
        scores.add(
                before + "prediction wrong",
                clear,
                one -> !right(one) && !one.prediction().getAbstained());
        List<Answered> told = only(clear, RealFaceScores::asserted);
        scores.add(before + "prediction asserted (>= 2/3)", clear, told::contains);
        scores.add(before + "prediction asserted: right", told, RealFaceScores::right);
        for (int i = 0; i < GROUPS.length; i++) {
            double low = GROUPS[i];
            double high = i + 1 < GROUPS.length ? GROUPS[i + 1] : Double.POSITIVE_INFINITY;
            scores.add(
                    String.format(
                            Locale.ROOT,
                            "%smost probable emotion has %.2f to %.2f: right",
                            before,
                            low,
                            Math.min(1, high)),
                    only(seen, one -> probability(one) >= low && probability(one) < high),
                    RealFaceScores::probable);
        }
        List<Answered> unclear = only(all, RealFaceScores::unclear);
        scores.add(before + "unclear or turned away: abstained", unclear, one -> one.prediction()
                .getAbstained());
        scores.add(before + "unclear or turned away: asserted", unclear, RealFaceScores::asserted);
    }

    /** A face whose expression the labeller could not tell, or could not see from the front. */
    private static boolean unclear(Answered one) {
        return faces(one) > 0
                && (expected(one).equals("unclear")
                        || label(one).path("pose").asText().equals("profile")
                        || COVERED.contains(label(one).path("occlusion").asText()));
    }

    private static boolean asserted(Answered one) {
        return !one.prediction().getAbstained() && probability(one) >= Analysis.ASSERTED;
    }

    private static boolean right(Answered one) {
        return !one.prediction().getAbstained()
                && one.prediction().getEmotion().name().toLowerCase(Locale.ROOT).equals(expected(one));
    }

    /** The most probable emotion, given or not; empty: the model was not asked. */
    private static Optional<EmotionProbability> best(Answered one) {
        return one.prediction().getProbabilities().stream()
                .max(Comparator.comparing(EmotionProbability::getProbability));
    }

    private static float probability(Answered one) {
        return best(one).map(EmotionProbability::getProbability).orElse(0f);
    }

    /** Whether the most probable emotion is the labelled one. */
    private static boolean probable(Answered one) {
        return best(one)
                .filter(best ->
                        best.getEmotion().name().toLowerCase(Locale.ROOT).equals(expected(one)))
                .isPresent();
    }

    private static String expected(Answered one) {
        return label(one).path("expression").asText();
    }

    private static FaceExpression posterior(Answered one) {
        return face(one) == null ? null : face(one).getExpression();
    }

    private static Map.Entry<String, Float> apparent(Answered one) {
        return looks(posterior(one)).entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow();
    }

    /** The values of an expression by what a face looks like. */
    static Map<String, Float> looks(FaceExpression expression) {
        Map<String, Float> values = new LinkedHashMap<>();
        values.put("happy", expression.getHappy());
        values.put("neutral", expression.getNeutral());
        values.put("surprise", expression.getSurprise());
        values.put("sad", expression.getSad());
        values.put("angry", expression.getAngry());
        values.put("other", expression.getOther());
        return values;
    }

    private static boolean called(Answered one, int unit) {
        return face(one).getUnits().stream()
                .anyMatch(measured -> measured.getActionUnit() == unit && measured.getValue() >= CALLED);
    }

    private static boolean lists(Answered one, String field, int unit) {
        for (JsonNode listed : label(one).path(field)) {
            if (listed.asInt() == unit) {
                return true;
            }
        }
        return false;
    }

    private static boolean decoy(Answered one) {
        return label(one).path("source_file").asText().endsWith(DECOY);
    }

    private static boolean found(Answered one) {
        return face(one) != null && face(one).getAbsentReason() == null;
    }

    private static FaceCues face(Answered one) {
        return one.request().getVisual().getFace();
    }

    private static int faces(Answered one) {
        return label(one).path("faces").asInt();
    }

    private static JsonNode label(Answered one) {
        return one.entry().label();
    }

    private static List<Answered> only(List<Answered> all, Predicate<Answered> which) {
        return all.stream().filter(which).toList();
    }
}
