package io.migr.evaluation.report;

import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.readers.GrammarReader;
import io.migr.evaluation.readers.Statement;
import io.migr.model.Emotion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Explanations in full, so that people can judge them. */
public final class ExplanationExamples {
    private static final int MOST = 4;
    private static final Pattern BLOCK = Pattern.compile("<(vis_desc|aud_desc|think)>(.*?)</\\1>", Pattern.DOTALL);
    private static final Map<String, String> NAMES = Map.of("vis_desc", "face", "aud_desc", "voice", "think", "so");

    private ExplanationExamples() {}

    /** The first explanation of each slice. */
    static List<Outcome> typical(List<Outcome> outcomes) {
        Map<String, Outcome> first = new LinkedHashMap<>();
        outcomes.forEach(outcome -> first.putIfAbsent(outcome.slice(), outcome));
        return List.copyOf(new ArrayList<>(first.values()).subList(0, Math.min(MOST, first.size())));
    }

    /** The first explanations of correctly predicted clips that assert another emotion somewhere. */
    static List<Outcome> contradicting(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(outcome ->
                        outcome.prediction().emotion() == outcome.truth().label())
                .filter(ExplanationExamples::contradicts)
                .limit(MOST)
                .toList();
    }

    private static boolean contradicts(Outcome outcome) {
        Statement statement = outcome.told().statements().get(GrammarReader.NAME);
        Emotion label = outcome.truth().label();
        return statement != null
                && statement.asserted() != null
                && statement.asserted().stream().anyMatch(emotion -> emotion != label);
    }

    /** The explanations as HTML, with label, prediction and answer above each. */
    public static String html(List<Outcome> outcomes) {
        StringBuilder html = new StringBuilder();
        for (Outcome outcome : outcomes) {
            html.append("<div class=\"said\"><header><span>clip <b>")
                    .append(Html.escape(outcome.clip()))
                    .append("</b></span><span>")
                    .append(Html.escape(outcome.slice()))
                    .append("</span><span>label <b>")
                    .append(outcome.truth().label().word())
                    .append("</b></span><span>predicted <b>")
                    .append(outcome.prediction().emotion().word())
                    .append("</b></span>");
            if (outcome.told().answer() != null) {
                html.append("<span>text answers <b>")
                        .append(outcome.told().answer().word())
                        .append("</b></span>");
            }
            html.append("</header>");
            Matcher blocks = BLOCK.matcher(outcome.told().text());
            boolean any = false;
            while (blocks.find()) {
                any = true;
                html.append("<p><em>")
                        .append(NAMES.get(blocks.group(1)))
                        .append("</em>")
                        .append(marked(blocks.group(2).strip(), outcome.truth().label()))
                        .append("</p>");
            }
            if (!any) {
                html.append("<p>").append(Html.escape(outcome.told().text())).append("</p>");
            }
            html.append("</div>\n");
        }
        return html.toString();
    }

    /** Marks the named emotions, the label in one colour and others in another. */
    private static String marked(String text, Emotion label) {
        String html = Html.escape(text);
        for (Emotion emotion : Emotion.values()) {
            String colour = emotion == label ? "s2" : "s1";
            html = html.replaceAll(
                    "\\b" + emotion.word() + "\\b", "<b class=\"" + colour + "\">" + emotion.word() + "</b>");
        }
        return html;
    }
}
