package io.migr.lab.experiment;

import static io.migr.model.Emotion.HAPPY;
import static io.migr.model.Emotion.SAD;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.ClipTruth;
import io.migr.evaluation.measure.Metric;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.measure.OutcomeFile;
import io.migr.evaluation.readers.Statement;
import io.migr.lab.experiment.ExperimentResults.Difference;
import io.migr.lab.experiment.ExperimentResults.Verdict;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results computed from hand-made files. */
@Tag("slow")
final class ExperimentResultsTest {
    private static final String PLAN =
            """
            name: By hand
            perception: {visual_tokens: 8, audio_tokens: 11, visual_noise: 0, audio_noise: 0}
            clips: {sft: 1, rl: 1, validation: 1, test: 100}
            seeds: [1, 2, 3]
            supervised: {steps: 1, clips: 1, texts: 1, learning_rate: 1.0e-3}
            practice: {steps: 3, clips: 1, group: 2, learning_rate: 1.0e-3, beta: 0, limit: 9, order_weight: 1}
            temperatures: [0]
            arms:
              A: {what: fixed, text: raw, order: visual_first}
              B: {what: by importance, from: A, rewards: migr}
              C: {what: not run, from: A, rewards: migr}
            contrasts:
              - {name: third, from: A, to: B, metric: ir, temperature: 0, claim: {relative_at_most: -0.3, below: true}}
              - {name: same, from: A, to: B, metric: first_ir, temperature: 0, claim: {"null": true}}
              - {name: seen, from: A, to: B, metric: answer, temperature: 0}
              - {name: open, from: A, to: C, metric: ir, temperature: 0, claim: {below: true}}
            shown: [A, B]
            """;

    @TempDir
    private Path folder;

    private Plan plan;

    /** A clip that is answered correctly or not, whose weighing block and first assertion name the label or not. */
    private static Outcome outcome(int clip, boolean right, boolean think, boolean first) {
        Emotion other = SAD;
        Emotion concluded = think ? HAPPY : other;
        Statement statement = new Statement(concluded, concluded, List.of(first ? HAPPY : other, concluded));
        String text = "<vis_desc>the cheeks are raised. the face says happy.</vis_desc>\n<aud_desc>a bright voice. it "
                + "sounds happy.</aud_desc>\n<think>so it is " + concluded.word() + ".</think>\n<answer>"
                + (right ? HAPPY : other).word() + "</answer>";
        return new Outcome(
                String.valueOf(clip),
                clip % 2 == 0 ? "visual-dominant" : "audio-dominant",
                new Outcome.Truth(HAPPY, HAPPY, Dominance.VISUAL, Map.of("leading_cues", HAPPY)),
                new Outcome.Prediction(right ? HAPPY : other, Map.of(), Map.of()),
                new Outcome.Told(
                        text,
                        right ? HAPPY : other,
                        Modality.VISUAL,
                        true,
                        20,
                        Map.of("grammar", statement, "text", statement, "leading_cues", statement),
                        new Outcome.Claims(List.of("AU12"), List.of("AU12"), List.of("AU12"), List.of("AU12"))));
    }

    /** 80 of 100 clips are right; the weighing block of every n-th of these contradicts. */
    private void write(String arm, long seed, int every) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (int clip = 0; clip < 100; clip++) {
            outcomes.add(outcome(clip, clip < 80, clip % every != 0, clip % 4 != 0));
        }
        OutcomeFile.write(Experiment.outcomes(folder, arm, seed, 0), outcomes);
    }

    @BeforeEach
    void run() throws IOException {
        Path file = folder.resolve("plan.yaml");
        Files.writeString(file, PLAN);
        plan = Plan.read(file);
        Files.createDirectories(folder.resolve("outcomes"));
        for (long seed : List.of(1L, 2L)) {
            write("A", seed, 4);
            write("B", seed, 10);
            Path runs = folder.resolve("runs").resolve(String.valueOf(seed));
            Files.createDirectories(runs);
            Files.writeString(
                    runs.resolve("metrics.jsonl"),
                    "{\"stage\":\"A\",\"step\":1,\"explanation\":2}\n"
                            + "{\"stage\":\"B\",\"step\":0,\"validation\":1}\n"
                            + "{\"stage\":\"B\",\"step\":1,\"rewards/order/mean\":" + 0.2 * seed + "}\n"
                            + "{\"stage\":\"B\",\"step\":2,\"rewards/order/mean\":0.5}\n");
            Files.writeString(
                    runs.resolve("cost.jsonl"),
                    "{\"arm\":\"A\",\"part\":\"train\",\"seconds\":1800}\n{\"arm\":\"A\",\"part\":\"evaluate\",\"seconds\":900}\n");
        }
        // a third seed that only one arm has is not compared
        write("B", 3, 1);
    }

    private static Difference named(ExperimentResults results, String name) {
        return results.differences().stream()
                .filter(one -> one.contrast().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void differencesAreThoseOfSharedSeedsAndClaimsAreJudged() throws IOException {
        ExperimentResults results = ExperimentResults.of(plan, folder);
        Difference third = named(results, "third");
        assertEquals(List.of(1L, 2L), third.seeds());
        assertEquals(20 / 80.0, third.from(), 1e-12);
        assertEquals(8 / 80.0, third.to(), 1e-12);
        assertEquals(-0.15, third.difference().value(), 1e-12);
        assertEquals(-0.6, third.relative(), 1e-9);
        assertEquals(List.of(-0.15, -0.15), third.perSeed());
        assertEquals(Verdict.HELD, third.verdict());
        assertEquals(Verdict.HELD, named(results, "same").verdict());
        assertEquals(Verdict.WATCHED, named(results, "seen").verdict());
        assertEquals(Verdict.NOT_RUN, named(results, "open").verdict());
    }

    @Test
    void aClaimThatHoldsForOnlyOneReaderFails() throws IOException {
        List<Outcome> changed = new ArrayList<>();
        for (Outcome o : OutcomeFile.read(Experiment.outcomes(folder, "A", 1, 0))) {
            Statement happy = new Statement(HAPPY, HAPPY, List.of(HAPPY));
            Map<String, Statement> statements =
                    Map.of("text", o.told().statements().get("text"), "grammar", happy, "leading_cues", happy);
            Outcome.Told t = o.told();
            changed.add(new Outcome(
                    o.clip(),
                    o.slice(),
                    o.truth(),
                    o.prediction(),
                    new Outcome.Told(t.text(), t.answer(), t.first(), true, 20, statements, t.claims())));
        }
        for (long seed : List.of(1L, 2L)) {
            OutcomeFile.write(Experiment.outcomes(folder, "A", seed, 0), changed);
        }
        assertEquals(
                Verdict.FAILED,
                named(ExperimentResults.of(plan, folder), "third").verdict());
    }

    @Test
    void rowsCurvesAndCostComeFromTheFiles() throws IOException {
        ExperimentResults results = ExperimentResults.of(plan, folder);
        assertEquals(
                List.of("A", "B"),
                results.rows().stream().map(ExperimentResults.Row::arm).toList());
        ExperimentResults.Row first = results.rows().get(0);
        assertEquals(0.8, first.values().get(Metric.ANSWER).value(), 1e-12);
        assertEquals(
                List.of("audio-dominant", "visual-dominant"),
                List.copyOf(first.slices().keySet()));
        // every fourth clip is an even one
        assertEquals(0, first.slices().get("audio-dominant").get(Metric.IR).value());
        assertEquals(0.25, first.cueDisagreement(), 1e-12);
        assertEquals(1, results.curves().size());
        assertArrayEquals(new double[] {0.3, 0.5}, results.curves().get("B").get("order"), 1e-12);
        assertEquals(1.5, results.hours().get("A"), 1e-12);
        assertEquals(10, results.best().size());
        // answer, format and order, plus the part of the grounded reward that the best text earns
        double best = results.best().get(0).reward();
        assertTrue(best > 3 && best <= 4, "best reward " + best);
    }

    /** A text about a clip; the other fields do not matter here. */
    private static Outcome told(ClipTruth clip, String text) {
        Outcome usual = outcome(0, true, true, true);
        return new Outcome(
                String.valueOf(clip.seed()),
                usual.slice(),
                usual.truth(),
                usual.prediction(),
                new Outcome.Told(text, HAPPY, Modality.VISUAL, true, 20, Map.of(), null));
    }

    @Test
    void theAuditCountsWhatRewardsDoNotAskFor() throws IOException {
        ClipTruth heard = LongStream.range(0, 1000)
                .mapToObj(ClipTruth::of)
                .filter(clip -> clip.units() != null && clip.voice() != null)
                .findFirst()
                .orElseThrow();
        ClipTruth speechless = LongStream.range(0, 1000)
                .mapToObj(ClipTruth::of)
                .filter(clip -> clip.units() != null && clip.voice() == null)
                .findFirst()
                .orElseThrow();
        String face =
                "<vis_desc> the cheeks are raised. the lip corners are pulled up. the face reads as happy. </vis_desc> ";
        String end = " <think> the face leads here. the whole reads as happy. </think> <answer> happy </answer>";
        String silent = "<aud_desc> the sound holds no speech. </aud_desc>";
        String loud = "<aud_desc> the voice is loud. the voice is loud. the voice reads as sad. </aud_desc>";
        String doubt = "<aud_desc> the voice is loud. the voice alone does not settle it. </aud_desc>";
        Outcome honest = told(heard, face + doubt + end);
        List<Outcome> good = List.of(told(speechless, face + silent + end), honest, honest, honest);
        String bare = "<aud_desc> the voice is loud. the voice reads as sad. </aud_desc>";
        List<Outcome> bad = List.of(
                told(speechless, face + loud + end),
                told(heard, face + silent + end),
                told(heard, face + bare + end),
                told(heard, "no form at all"));
        Files.createDirectories(folder.resolve("outcomes"));
        for (long seed : List.of(1L, 2L)) {
            OutcomeFile.write(Experiment.outcomes(folder, "A", seed, 0), good);
            OutcomeFile.write(Experiment.outcomes(folder, "B", seed, 0), bad);
        }
        OutcomeFile.write(Experiment.outcomes(folder, "B", 3, 0), bad);
        List<HabitAudit> audits = ExperimentResults.of(plan, folder).audits();
        assertEquals(1, audits.size(), audits.toString());
        HabitAudit audit = audits.get(0);
        assertEquals(List.of("A", "B"), List.of(audit.from(), audit.arm()));
        assertEquals(List.of(1L, 2L), audit.seeds());
        assertEquals(new HabitAudit.Shares(0, 0, 0, 0), audit.before());
        assertEquals(new HabitAudit.Shares(1 / 3.0, 1 / 5.0, 1 / 5.0, 1), audit.after());
    }

    @Test
    void thePageSaysWhichClaimsHeldAndIsSelfContained() throws IOException {
        String page = ExperimentPage.of(ExperimentResults.of(plan, folder));
        assertTrue(page.contains("2 claims held, 0 failed, 1 contrasts not run yet"), page.substring(0, 3000));
        assertTrue(page.contains("-15.0"));
        assertTrue(page.contains("Fewer than five seeds"));
        assertTrue(page.contains("By hand"));
        assertEquals(-1, page.indexOf("http"), "the page must load nothing");
        assertEquals(
                page, ExperimentPage.of(ExperimentResults.of(plan, folder)), "the same files must give the same page");
    }
}
