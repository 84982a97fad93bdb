package io.migr.evaluation.report;

import static io.migr.model.Emotion.ANGRY;
import static io.migr.model.Emotion.HAPPY;
import static io.migr.model.Emotion.SAD;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.migr.evaluation.measure.Bootstrap;
import io.migr.evaluation.measure.Drift;
import io.migr.evaluation.measure.Drift.Stretch;
import io.migr.evaluation.measure.Drift.Swaps;
import io.migr.evaluation.measure.Metric;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.measure.OutcomeFile;
import io.migr.evaluation.readers.Statement;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import io.migr.model.ModalityImportance.Estimator;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** Tables, JSON and pages show what was measured, and pages are self-contained. */
final class ReportTest {
    private static final Map<String, Object> FACTS = Map.of("model_version", "tiny-<b>");

    private static Outcome clip(int i, boolean corpus) {
        Emotion label = i % 3 == 0 ? HAPPY : SAD;
        Emotion predicted = i % 4 == 0 ? ANGRY : label;
        Emotion asserted = i % 5 == 0 ? HAPPY : predicted;
        return new Outcome(
                String.valueOf(i),
                i % 2 == 0 ? "visual-dominant" : "speechless",
                new Outcome.Truth(label, corpus ? label : null, corpus ? Dominance.VISUAL : null, Map.of()),
                new Outcome.Prediction(
                        predicted,
                        Map.of(predicted, 0.8, HAPPY == predicted ? SAD : HAPPY, 0.2),
                        Map.of(Estimator.EVIDENCE_HEADS, new Outcome.Weighing(0.7, Dominance.VISUAL))),
                new Outcome.Told(
                        "<vis_desc>the jaw drops & more.</vis_desc>\n<aud_desc>a sob.</aud_desc>\n<think>so "
                                + asserted.word() + ".</think>\n<answer>" + predicted.word() + "</answer>",
                        predicted,
                        Modality.VISUAL,
                        true,
                        20 + i,
                        Map.of("grammar", new Statement(asserted, asserted, List.of(asserted))),
                        corpus
                                ? new Outcome.Claims(
                                        List.of("AU26", "SOB"), List.of("AU26"), List.of("AU26"), List.of("AU26"))
                                : null));
    }

    private static List<Outcome> clips(boolean corpus) {
        List<Outcome> clips = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            clips.add(clip(i, corpus));
        }
        return clips;
    }

    private static Drift drift() {
        Stretch stretch = new Stretch("0-7", 9, new double[] {0.4, 0.3, 0.2, 0.1}, new double[] {0.5, 0.3, 0.1, 0.1});
        Stretch next = new Stretch("8-15", 9, new double[] {0.2, 0.1, 0.1, 0.6}, new double[] {0.5, 0.3, 0.1, 0.1});
        return new Drift(9, List.of(stretch, next), List.of(stretch), new Swaps(8, 0.5, 0.25, 0.125, 0));
    }

    private static Report report(boolean corpus) {
        return Report.of(FACTS, clips(corpus), drift(), List.of("1 missing video"), new Bootstrap(50, 0.95, 1));
    }

    @Test
    void jsonHasEveryMetricForEverySlice() {
        JsonNode json = ReportJson.of(report(true));
        for (String slice : List.of("all", "visual-dominant", "speechless")) {
            for (Metric metric : Metric.values()) {
                assertTrue(json.path(slice).has(metric.key()), slice + " " + metric.key());
            }
        }
        // every fourth of forty clips is predicted wrongly
        assertEquals(0.75, json.path("all").path("war").asDouble(), 1e-9);
        assertEquals(2, json.path("all").path("intervals").path("war").size());
        assertEquals(40, json.path("all").path("clips").asInt());
        assertEquals("answer", json.path("readings").get(0).path("prediction").asText());
        assertEquals(List.of("happy", "sad"), texts(json.path("confusion").path("labels")));
        assertEquals(
                0.5,
                json.path("drift").path("swap").path("second_block_changed").asDouble(),
                1e-9);
        assertEquals(0.6, json.path("drift").path("curve").get(1).path("own").asDouble(), 1e-9);
        assertEquals(1, json.path("cues").path("AU26").path("precision").asDouble(), 1e-9);
        assertTrue(json.path("cues").path("SOB").path("recall").isNull());
        assertEquals(
                40,
                json.path("calibration").path("emotion").get(0).path("cases").asInt());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    @Test
    void unknownTruthIsShownAsNullAndDash() {
        Report report = report(false);
        JsonNode json = ReportJson.of(report);
        for (String unknown : List.of("bayes", "share", "order", "importance", "importance_auroc", "cue_precision")) {
            assertTrue(json.path("all").path(unknown).isNull(), unknown);
        }
        assertFalse(json.path("all").path("ir").isNull());
        String[] all = ReportTable.concise(report).split("\n")[1].trim().split("\\s+");
        assertArrayEquals(
                new String[] {"all", "40", "0.750"}, List.of(all).subList(0, 3).toArray());
        assertEquals("-", all[4]);
        String page = EvaluationPage.of(report);
        assertFalse(page.contains("Which modality leads") || page.contains("Claimed cues"), "nothing is known of it");
    }

    @Test
    void theTablesShowSlicesIntervalsAndDrift() {
        Report report = report(true);
        assertEquals(4, ReportTable.concise(report).split("\n").length);
        String full = ReportTable.full(report);
        assertTrue(full.matches("(?s).*\nwar +0\\.750 \\[0\\.\\d{3}, 0\\.\\d{3}\\] .*"), full);
        assertTrue(full.contains("read by grammar, prediction: answer"));
        assertTrue(full.contains("8 pairs"));
    }

    @Test
    void thePageIsSelfContained() throws Exception {
        String page = EvaluationPage.of(report(true));
        for (String outside : List.of("http:", "https:", "//", "<script", "<link", "<img", "@import", "url(")) {
            assertFalse(page.contains(outside), outside);
        }
        assertTrue(page.contains("prefers-color-scheme: dark"));
        assertTrue(page.contains("tiny-&lt;b&gt;") && !page.contains("tiny-<b>"), "text is escaped");
        assertTrue(page.contains("1 missing video"));
        // the body is well-formed, so that browsers render it alike
        String body = page.substring(page.indexOf("<body>"), page.indexOf("</html>"))
                .replace("&nbsp;", " ")
                .replace("<br>", "<br/>");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body)));
        assertEquals(page, EvaluationPage.of(report(true)), "the same bytes for the same outcomes");
    }

    @Test
    void anAxisEndsAtARoundNumber() {
        assertEquals(0.3, Axis.shares(0, 100, 0.273).most(), 1e-9);
        assertEquals(1, Axis.shares(0, 100, 1).most(), 1e-9);
        assertEquals(0.01, Axis.shares(0, 100, 0.004).most(), 1e-9);
        assertEquals(50, new Axis(0, 100, 0.3).at(0.15), 1e-9);
        assertEquals(7, new Axis(0, 100, 0.3).ticks().size());
    }

    @Test
    void outcomesSurviveTheirFile(@TempDir Path folder) throws Exception {
        List<Outcome> outcomes = new ArrayList<>(clips(true));
        outcomes.addAll(clips(false));
        Path file = folder.resolve("outcomes.jsonl");
        OutcomeFile.write(file, outcomes);
        assertEquals(outcomes, OutcomeFile.read(file));
        assertEquals(80, Files.readAllLines(file).size());
    }
}
