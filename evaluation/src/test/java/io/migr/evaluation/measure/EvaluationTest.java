package io.migr.evaluation.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.Split;
import io.migr.corpus.text.CueReader;
import io.migr.evaluation.judge.CueJudge;
import io.migr.evaluation.judge.CueJudge.Evidence;
import io.migr.evaluation.judge.TextJudge;
import io.migr.evaluation.readers.ClaimReader;
import io.migr.evaluation.readers.ExplanationReader;
import io.migr.evaluation.readers.GrammarReader;
import io.migr.evaluation.readers.TextReader;
import io.migr.model.Analysis;
import io.migr.model.ClipInput;
import io.migr.model.Explanation;
import io.migr.model.ModalityImportance.Estimator;
import io.migr.model.analysis.DriftProbe;
import io.migr.model.analysis.DriftProbe.Attention;
import io.migr.model.analysis.DriftProbe.Segment;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.decode.Sampling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Evaluates the shipped weights on a few clips of the corpus: outcomes are complete, and the drift probe is consistent.
 */
@Tag("slow")
final class EvaluationTest {
    private static final int CLIPS = 20;

    private static EmotionModel model;
    private static LocalClipAnalyser analyser;
    private static DriftMeter meter;
    private static List<Outcome> outcomes;
    private static List<EvaluationClip> samples;
    private static List<Analysis> analyses;
    private static List<int[]> texts;

    @BeforeAll
    static void evaluate() throws IOException, InterruptedException {
        model = EmotionModel.load(Path.of("..", "model", "weights", "tiny"), "cpu");
        analyser = new LocalClipAnalyser(model);
        meter = new DriftMeter(CLIPS);
        samples = new java.util.ArrayList<>();
        analyses = new java.util.ArrayList<>();
        texts = new java.util.ArrayList<>();
        List<ExplanationReader> readers = List.of(
                new GrammarReader(model.config().labels()),
                new TextReader(TextJudge.train()),
                new ClaimReader(new CueJudge(Evidence.LEADING)));
        Evaluation evaluation = new Evaluation(readers, true);
        outcomes =
                evaluation.run(analyser, new CorpusClips(Split.TEST, CLIPS), done -> {}, (sample, analysis, text) -> {
                    meter.analysed(sample, analysis, text);
                    if (analysis.missing() == null) {
                        samples.add(sample);
                        analyses.add(analysis);
                        texts.add(text);
                    }
                });
    }

    @AfterAll
    static void close() {
        analyser.close();
    }

    private static List<ClipInput> inputs() {
        return samples.stream().map(EvaluationClip::input).toList();
    }

    private static List<Explanation> explanations() {
        return analyses.stream().map(Analysis::explanation).toList();
    }

    @Test
    void everyClipHasWhatEveryMetricNeeds() {
        assertEquals(CLIPS, outcomes.size());
        Scores scores = Scores.of(outcomes);
        for (Metric metric : Metric.values()) {
            assertEquals(metric == Metric.REFERENCE_IR, Double.isNaN(scores.get(metric)), metric.key());
        }
        for (Outcome outcome : outcomes) {
            assertEquals(2, outcome.prediction().weighings().size());
            assertTrue(outcome.told().tokens() > 20, outcome.told().text());
            double sum = outcome.prediction().probabilities().values().stream()
                    .mapToDouble(p -> p)
                    .sum();
            assertEquals(1, sum, 1e-4);
        }
    }

    @Test
    void theExactReaderAgreesWithTheAnalysisOnTheWeighingBlock() {
        for (int i = 0; i < samples.size(); i++) {
            String name = samples.get(i).name();
            Outcome outcome = outcomes.stream()
                    .filter(one -> one.clip().equals(name))
                    .findFirst()
                    .orElseThrow();
            assertEquals(
                    analyses.get(i).explanation().assertedEmotion(),
                    outcome.told().statements().get(GrammarReader.NAME).think());
        }
    }

    @Test
    void everySentenceIsOneOfTheTrainingText() {
        for (Explanation explanation : explanations()) {
            CueReader.claims(explanation).forEach(block -> assertEquals(0, block.unread(), explanation::toString));
        }
    }

    @Test
    void theJudgesReadTheSameTexts() {
        Perspective text = new Perspective(Perspective.Source.ANSWER, "text");
        Perspective claims = new Perspective(Perspective.Source.ANSWER, "leading_cues");
        // the shipped weights write consistent text, and the judge of assertions must read it as such
        assertEquals(Metric.EEA.of(outcomes, Perspective.ANSWERED), Metric.EEA.of(outcomes, text), 0.15);
        assertTrue(Metric.EEA_CONCAT.of(outcomes, claims) > 0.4);
        assertTrue(Metric.REFERENCE_IR.of(outcomes, claims) < 0.5);
    }

    @Test
    void maskedPrefillsGiveTheirOwnShares() {
        List<Double> heads = shares(Estimator.EVIDENCE_HEADS);
        List<Double> prefills = shares(Estimator.MASKED_PREFILL);
        assertFalse(heads.equals(prefills), "the two estimators must differ");
        assertTrue(prefills.stream().allMatch(share -> share >= 0 && share <= 1));
    }

    private static List<Double> shares(Estimator estimator) {
        return outcomes.stream()
                .map(outcome -> outcome.prediction().weighings().get(estimator).visualShare())
                .toList();
    }

    @Test
    void attentionIsCompleteAtEveryStep() {
        List<Attention> all = new DriftProbe(analyser).attention(inputs(), texts);
        assertEquals(samples.size(), all.size());
        for (int i = 0; i < all.size(); i++) {
            Attention attention = all.get(i);
            int tokens = texts.get(i).length;
            assertEquals(tokens, attention.shares().length);
            for (int t = 0; t < tokens; t++) {
                assertEquals(1, Arrays.stream(attention.shares()[t]).sum(), 1e-4);
                assertEquals(1, Arrays.stream(attention.even()[t]).sum(), 1e-9);
            }
            int own = Segment.OWN.ordinal();
            assertEquals(0, attention.shares()[0][own], 1e-6, "nothing is written yet");
            assertTrue(attention.shares()[tokens - 1][own] > 0);
            int[] blocks = attention.blocks();
            assertArrayEquals(
                    new int[] {0, 1, 2, 3}, Arrays.stream(blocks).distinct().toArray());
            // the answer block is its opening tag, the word and the closing tag
            assertEquals(3, Arrays.stream(blocks).filter(block -> block == 3).count());
        }
    }

    @Test
    void uniformAttentionCountsTheVisibleTokens() {
        Attention attention = new DriftProbe(analyser)
                .attention(inputs().subList(0, 1), texts.subList(0, 1))
                .get(0);
        int video = model.config().network().videoTokens();
        int audio = model.config().network().audioTokens();
        long[] prompt = model.prompt().ids(true, true);
        int seen = video + audio + prompt.length - 2;
        double[] first = attention.even()[0];
        assertEquals(video / (double) seen, first[Segment.VIDEO.ordinal()], 1e-9);
        assertEquals(audio / (double) seen, first[Segment.AUDIO.ordinal()], 1e-9);
        assertEquals(10 / (double) (seen + 10), attention.even()[10][Segment.OWN.ordinal()], 1e-9);
    }

    @Test
    void theWeighingBlockNamesTheMeasuredLead() {
        List<Analysis> analyses = analyser.analyse(inputs()).analyses();
        for (Analysis analysis : analyses) {
            String weighing = analysis.explanation().steps().get(2).text();
            assertTrue(
                    model.config()
                            .leads()
                            .get(analysis.importance().dominant())
                            .contains(weighing.substring(0, weighing.indexOf('.'))),
                    analysis.importance() + ": " + weighing);
        }
        assertTrue(analyses.stream()
                        .map(one -> one.importance().dominant())
                        .distinct()
                        .count()
                > 1);
    }

    @Test
    void rewritingWithItsOwnClipWritesTheSame() {
        List<Explanation> rewritten = new DriftProbe(analyser).rewrite(inputs(), texts);
        for (int i = 0; i < rewritten.size(); i++) {
            assertEquals(explanations().get(i).raw(), rewritten.get(i).raw());
            assertEquals(explanations().get(i).finish(), rewritten.get(i).finish());
        }
    }

    @Test
    void rewritingWithAnotherClipKeepsTheFirstBlock() {
        List<ClipInput> turned = new java.util.ArrayList<>(inputs());
        java.util.Collections.rotate(turned, 1);
        List<Explanation> rewritten = new DriftProbe(analyser).rewrite(turned, texts);
        int changed = 0;
        for (int i = 0; i < rewritten.size(); i++) {
            assertEquals(
                    explanations().get(i).steps().get(0),
                    rewritten.get(i).steps().get(0));
            changed += explanations().get(i).raw().equals(rewritten.get(i).raw()) ? 0 : 1;
        }
        assertTrue(changed > samples.size() / 2, changed + " of " + samples.size() + " texts changed");
    }

    @Test
    void driftIsMeasuredWithoutLeavingArraysBehind() {
        int before = model.manager().getManagedArrays().size();
        Drift drift = meter.measure(analyser, done -> {});
        assertNotNull(drift);
        assertEquals(before, model.manager().getManagedArrays().size());
        assertEquals(samples.size(), drift.clips());
        assertEquals("0-7", drift.curve().get(0).name());
        assertEquals(drift.clips(), drift.curve().get(0).explanations());
        assertEquals(
                List.of("first block", "second block", "weighing", "answer"),
                drift.blocks().stream().map(Drift.Stretch::name).toList());
        double early = drift.curve().get(0).shares()[Segment.OWN.ordinal()];
        double late = drift.curve().get(drift.curve().size() - 1).shares()[Segment.OWN.ordinal()];
        assertTrue(late > early, early + " to " + late);
        Drift.Swaps swaps = drift.swaps();
        assertTrue(swaps.pairs() > 0 && swaps.pairs() <= drift.clips());
        assertTrue(swaps.answerFollowed() <= swaps.answerChanged(), "a followed answer has changed");
    }

    @Test
    void withoutAFaceAndAVoiceThereIsNoDrift() {
        assertNull(new DriftMeter(4).measure(analyser, done -> {}));
    }

    @Test
    void samplingIsReproducibleAndDiffersBetweenBatches() throws InterruptedException {
        List<String> once = sampled();
        assertEquals(once, sampled());
    }

    private static List<String> sampled() throws InterruptedException {
        LocalClipAnalyser sampling = new LocalClipAnalyser(model, false, new Sampling(0.7, 1, 1, 5));
        List<ClipInput> twice = List.of(inputs().get(0), inputs().get(0));
        List<String> texts = new java.util.ArrayList<>();
        for (int batch = 0; batch < 2; batch++) {
            sampling.analyse(twice)
                    .analyses()
                    .forEach(analysis -> texts.add(analysis.explanation().raw()));
        }
        assertEquals(4, texts.stream().distinct().count(), "every sequence must be sampled independently");
        return texts;
    }
}
