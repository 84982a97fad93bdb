package io.migr.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.ClipId;
import io.migr.schemas.Dominance;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionProbability;
import io.migr.schemas.EvidenceDecomposition;
import io.migr.schemas.FinishReason;
import io.migr.schemas.Modality;
import io.migr.schemas.ModalityImportance;
import io.migr.schemas.ReasoningStep;
import io.migr.schemas.ReplayPlan;
import io.migr.schemas.StageTimings;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Five clips whose numbers are worked out by hand. */
class VersionComparisonTest {
    private static final double EXACT = 1e-6;

    static {
        AvroSafety.set();
    }

    private final VersionComparison comparison = new VersionComparison(2);

    /** An answer whose probability of sad is {@code sad} and of happy the rest. */
    static VersionAnswer answer(String version, float sad, float visual, Emotion concluded, String text) {
        Emotion emotion = sad > 0.5 ? Emotion.SAD : Emotion.HAPPY;
        ClipId clip = new ClipId("c", "p", 0L);
        Dominance lead = visual > 0.6 ? Dominance.VISUAL : visual < 0.4 ? Dominance.AUDIO : Dominance.BALANCED;
        EmotionPrediction prediction = EmotionPrediction.newBuilder()
                .setClip(clip)
                .setStartMs(0)
                .setDurationMs(3000)
                .setCapturedAt(Instant.EPOCH)
                .setEmotion(emotion)
                .setProbabilities(List.of(
                        new EmotionProbability(Emotion.SAD, sad), new EmotionProbability(Emotion.HAPPY, 1 - sad)))
                .setImportance(new ModalityImportance(-2f, -1f, -1f, 0f, visual, lead, "evidence-heads", true, null))
                .setActionUnits(List.of())
                .setExplanationEmotion(concluded)
                .setConsistent(concluded == emotion)
                .setModelVersion(version)
                .setTimings(new StageTimings((float) version.length(), 0f, 0f, 0f, 0f, 1))
                .build();
        EmotionExplanation explanation = EmotionExplanation.newBuilder()
                .setClip(clip)
                .setSteps(List.of(
                        new ReasoningStep(Modality.VISUAL, text, null), new ReasoningStep(null, "so.", emotion)))
                .setAnswer(emotion)
                .setFollowsImportance(true)
                .setFinishReason(FinishReason.STOP)
                .setModelVersion(version)
                .build();
        return new VersionAnswer(prediction, explanation);
    }

    private static VersionAnswer old(float sad, float visual, Emotion concluded) {
        return answer("old", sad, visual, concluded, "a text.");
    }

    private static VersionAnswer now(float sad, float visual, Emotion concluded) {
        return answer("newer", sad, visual, concluded, "a text.");
    }

    private void addAll() {
        // the same except for version and timings
        comparison.add("a", old(0.75f, 0.5f, Emotion.SAD), now(0.75f, 0.5f, Emotion.SAD), Emotion.SAD);
        // wrong, becomes right; distance 0.5, shift 0.25
        comparison.add("b", old(0.75f, 0.5f, Emotion.SAD), now(0.25f, 0.75f, Emotion.HAPPY), Emotion.HAPPY);
        // right, becomes wrong; distance 0.5, shift -0.5; the new text concludes something else
        comparison.add("c", old(0.75f, 0.75f, Emotion.SAD), now(0.25f, 0.25f, Emotion.SAD), Emotion.SAD);
        // right before and after, contradicts after; distance 0.125, shift 0
        comparison.add("d", old(0.75f, 0.5f, Emotion.SAD), now(0.875f, 0.5f, Emotion.FEAR), Emotion.SAD);
        // unlabelled, contradicted before; moves most without a flip: distance 0.25, shift 0.75
        comparison.add("e", old(0.625f, 0.125f, Emotion.UNKNOWN), now(0.875f, 0.875f, Emotion.SAD), null);
    }

    /** It abstains where it could not see the clip, which is no changed answer. */
    @Test
    void anAnswerThatFailsForWantOfMediaIsCountedAndNotCompared() {
        VersionAnswer blind = now(0.75f, 0.5f, Emotion.SAD);
        blind.prediction().setAbstained(true);
        blind.prediction().setAbstainedReason("the topics carry no media, and model newer needs it (features.carry)");
        comparison.add("blind", old(0.25f, 0.5f, Emotion.HAPPY), blind, null);
        assertEquals(1, comparison.withoutMedia());
        assertEquals(0, comparison.clips());
        assertEquals(List.of(), comparison.mostChanged());
        ReplayResult result = new ReplayResult(plan(), comparison, 0, 0, List.of());
        assertTrue(ReplayTable.of(result).contains("1 requests carried no media"));
        assertEquals(1, ReplayJson.of(result).path("without_media").asInt());
    }

    @Test
    void countsMatchHandWorkedNumbers() {
        addAll();
        assertEquals(5, comparison.clips());
        assertEquals(1, comparison.same());
        assertEquals(3 / 5.0, comparison.agreement(), EXACT);
        assertEquals(2, comparison.emotions(Emotion.SAD, Emotion.HAPPY));
        assertEquals(3, comparison.emotions(Emotion.SAD, Emotion.SAD));
        assertEquals(0, comparison.emotions(Emotion.HAPPY, Emotion.SAD));
        assertEquals(1, comparison.leads(Dominance.VISUAL, Dominance.AUDIO));
        assertEquals(1, comparison.leads(Dominance.AUDIO, Dominance.VISUAL));
        assertEquals(1, comparison.leads(Dominance.BALANCED, Dominance.VISUAL));
        assertEquals(2 / 5.0, comparison.sameLead(), EXACT);
        assertEquals((0.25 - 0.5 + 0.75) / 5, comparison.meanShift(), EXACT);
        assertEquals((0.25 + 0.5 + 0.75) / 5, comparison.meanAbsoluteShift(), EXACT);
        assertEquals(0.75, comparison.largestShift(), EXACT);
        assertEquals(1, comparison.won());
        assertEquals(1, comparison.lost());
        assertEquals(4, comparison.labelled());
    }

    @Test
    void recallAndInconsistencyMatchHandWorkedNumbers() {
        addAll();
        VersionStatistics before = comparison.before();
        VersionStatistics after = comparison.after();
        assertEquals(3 / 4.0, before.war(), EXACT);
        assertEquals(3 / 4.0, after.war(), EXACT);
        assertEquals((3 / 3.0 + 0 / 1.0) / 2, before.uar(), EXACT, "sad 3 of 3, happy 0 of 1");
        assertEquals((2 / 3.0 + 1 / 1.0) / 2, after.uar(), EXACT, "sad 2 of 3, happy 1 of 1");
        assertEquals(0, before.ir(), EXACT, "a, c and d are right");
        assertEquals(1 / 3.0, after.ir(), EXACT, "a, b and d are right, d concludes fear");
        assertEquals(1 / 5.0, before.inconsistent(), EXACT, "e");
        assertEquals(2 / 5.0, after.inconsistent(), EXACT, "c and d");
    }

    @Test
    void flipsComeFirstAndOnlyTheRequestedNumberOfClipsIsKept() {
        addAll();
        assertEquals(
                List.of("c", "b"),
                comparison.mostChanged().stream().map(ClipChange::clip).toList());
        assertEquals(1.0, comparison.mostChanged().get(0).size(), EXACT, "distance 0.5 and shift 0.5");
        VersionComparison all = new VersionComparison(9);
        for (String clip : List.of("z", "y")) {
            all.add(clip, old(0.75f, 0.5f, Emotion.SAD), now(0.25f, 0.5f, Emotion.SAD), null);
        }
        assertEquals(
                List.of("y", "z"),
                all.mostChanged().stream().map(ClipChange::clip).toList());
    }

    @Test
    void aDifferentTextAloneIsAChange() {
        comparison.add(
                "a", old(0.75f, 0.5f, Emotion.SAD), answer("old", 0.75f, 0.5f, Emotion.SAD, "another text."), null);
        assertEquals(0, comparison.same());
        assertEquals(0, comparison.sameTexts());
        assertEquals(1, comparison.mostChanged().size());
        assertEquals(1, comparison.agreement(), EXACT);
    }

    @Test
    void theLastBitOfAProbabilityIsAChange() {
        comparison.add("a", old(0.75f, 0.5f, Emotion.SAD), old(Math.nextUp(0.75f), 0.5f, Emotion.SAD), null);
        assertEquals(0, comparison.same());
        assertEquals(1, comparison.sameTexts());
    }

    @Test
    void shiftsFallIntoTheirBins() {
        assertEquals(0, VersionComparison.bin(-1));
        assertEquals(9, VersionComparison.bin(-0.01));
        assertEquals(10, VersionComparison.bin(0));
        assertEquals(19, VersionComparison.bin(1));
        addAll();
        long[] expected = new long[VersionComparison.BINS];
        expected[10] = 2;
        expected[12] = 1;
        expected[5] = 1;
        expected[17] = 1;
        assertArrayEquals(expected, comparison.shifts());
    }

    @Test
    void withoutClipsThereAreNoNumbers() {
        assertTrue(Double.isNaN(comparison.agreement()));
        assertTrue(Double.isNaN(comparison.meanShift()));
        assertTrue(Double.isNaN(comparison.after().war()));
        assertTrue(Double.isNaN(comparison.after().uar()));
        assertTrue(Double.isNaN(comparison.after().ir()));
    }

    /** v -2, -1, -1, 0: each tells 1 nat, and it is the same nat; together they tell another one. */
    @Test
    void reportsShowLeadsOfClipsThatTellNothing() {
        VersionAnswer balanced = old(0.75f, 0.5f, Emotion.SAD);
        VersionAnswer neither = answer("newer", 0.75f, 0.5f, Emotion.SAD, "a.");
        neither.prediction().getImportance().setDominant(Dominance.NEITHER);
        neither.prediction().getImportance().setDecomposition(new EvidenceDecomposition(0f, 0f, 1f, 1f, 2f));
        comparison.add("c/p/0", balanced, neither, null);
        ReplayResult result = new ReplayResult(plan(), comparison, 0, 0, List.of());
        JsonNode json = ReplayJson.of(result);
        assertEquals(1, json.at("/leads/balanced/neither").asInt());
        JsonNode evidence = json.at("/most_changed/0/after/modality_importance/evidence");
        assertEquals(1, evidence.path("redundancy").asDouble(), EXACT);
        assertEquals(2, evidence.path("total").asDouble(), EXACT);
        assertTrue(ReplayPage.of(result).contains("<th>neither</th>"), ReplayPage.of(result));
    }

    @Test
    void reportsShowTheNumbersAndEscapeUntrustedText() {
        addAll();
        comparison.add(
                "<i>/p/0",
                old(0.75f, 0.75f, Emotion.SAD),
                answer("newer", 0.125f, 0.125f, Emotion.SAD, "<script>1 & 2"),
                null);
        ReplayPlan plan = plan();
        ReplayResult result = new ReplayResult(plan, comparison, 2, 1, List.of("c/p: too large"));
        assertEquals(0.5, ReplayJson.of(result).path("agreement").asDouble(), EXACT);
        assertEquals(3, ReplayJson.of(result).at("/emotions/sad/happy").asInt());
        JsonNode importance = ReplayJson.of(result).at("/most_changed/0/after/modality_importance");
        assertEquals(-2, importance.at("/log_probability/none").asDouble(), EXACT);
        assertTrue(importance.path("evidence").isNull(), "written before the field");
        assertTrue(ReplayJson.of(new ReplayResult(plan, new VersionComparison(1), 0, 0, List.of()))
                .path("agreement")
                .isNull());
        String table = ReplayTable.of(result);
        assertTrue(table.contains("agreement      0.500\n"), table);
        assertTrue(table.contains("uar              0.500   0.833\n"), table);
        assertTrue(table.contains("2 replayed clips have no recorded result"), table);
        assertTrue(table.contains("1 were not answered:\n    c/p: too large\n"), table);
        String page = ReplayPage.of(result);
        assertTrue(page.contains("&lt;script&gt;1 &amp; 2"), page);
        assertTrue(page.contains("&lt;i&gt;/p/0"), page);
        assertTrue(!page.contains("<script"), page);
    }

    private static ReplayPlan plan() {
        return ReplayPlan.newBuilder()
                .setId("r")
                .setRanges(List.of())
                .setModel("newer")
                .setBatchSize(8)
                .setAsked("--from 1h")
                .setStartedAt(Instant.EPOCH)
                .build();
    }
}
