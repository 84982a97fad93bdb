package io.migr.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.Regime;
import io.migr.corpus.Split;
import io.migr.corpus.text.Rationale;
import io.migr.evaluation.measure.Interval;
import io.migr.evaluation.measure.Metric;
import io.migr.lab.experiment.Plan.Claim;
import io.migr.trainer.reward.Rewards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans are read completely, or refused with a message that helps. */
final class PlanTest {
    private static final Path SHIPPED = Path.of("experiments");

    @TempDir
    private Path folder;

    private Plan changed(String from, String to) throws IOException {
        String text = Files.readString(SHIPPED.resolve("mechanics.yaml"));
        assertTrue(text.contains(from), from);
        Path file = folder.resolve("plan.yaml");
        Files.writeString(file, text.replace(from, to));
        return Plan.read(file);
    }

    private String refused(String from, String to) {
        return assertThrows(IllegalArgumentException.class, () -> changed(from, to))
                .getMessage();
    }

    @Test
    void theShippedPlansAreReadAndTheMainOneHasTheDocumentedClaims() throws IOException {
        Plan plan = Plan.read(SHIPPED.resolve("migr.yaml"));
        assertTrue(plan.seeds().size() >= 5, "seeds " + plan.seeds());
        assertEquals(
                new Rationale(Rationale.Text.HALF, Rationale.Order.IMPORTANCE, 0.4, true),
                plan.root("B2").rationale(Rationale.Order.IMPORTANCE));
        assertEquals(Rewards.MIGR, plan.arms().get("B2").rewards());
        assertTrue(
                plan.runs("B2", 5) && plan.runs("H2", 3) && !plan.runs("H2", 4), "arms without a claim: three seeds");
        plan.contrasts().stream().filter(one -> one.claim() != null).forEach(one -> {
            assertTrue(plan.runs(one.from(), 5) && plan.runs(one.to(), 5), one.name() + " needs five seeds");
        });
        Plan.Contrast first = plan.contrasts().get(0);
        assertEquals(List.of("A2", "B2"), List.of(first.from(), first.to()));
        assertEquals(Metric.IR, first.measured());
        assertEquals(-0.3, first.claim().relativeAtMost());
        for (Path other : List.of(SHIPPED.resolve("mechanics.yaml"), SHIPPED.resolve("migr-voice.yaml"))) {
            Plan.read(other);
        }
    }

    @Test
    void errorsAreNamed() throws IOException {
        assertTrue(refused("from: R0", "from: R9").contains("starts from R9"));
        assertTrue(refused(", rewards: migr", "").contains("needs text and order, or from and rewards"));
        assertTrue(refused("rewards: migr", "rewards: praise").contains("MIGR_MINUS_ORDER"));
        assertTrue(refused("metric: order", "metric: orders").contains("the metrics are war,"));
        assertTrue(refused("seeds: [1]", "seed: [1]").contains("seed"));
        assertTrue(refused("temperatures: [1]", "temperatures: [0.3]").contains("not evaluated"));
        assertTrue(refused("test: ", "test: 9").contains("4000 test"));
        assertTrue(refused("order_weight: 20", "order_weight: 0").contains("order_weight above 0"));
        assertTrue(refused("seeds: [1]", "seeds: [1]\nregimes: {sunny: 100}").contains("sunny, which is none of"));
    }

    @Test
    void onlyRunsOfTheSamePlanShareAFolder() throws IOException {
        Plan plan = Plan.read(SHIPPED.resolve("mechanics.yaml"));
        changed("seeds: [1]", "seeds: [1, 2]").requireSameRuns(plan);
        IllegalArgumentException other =
                assertThrows(IllegalArgumentException.class, () -> changed("visual_noise: 0", "visual_noise: 1")
                        .requireSameRuns(plan));
        assertTrue(other.getMessage().contains("perception was"), other.getMessage());
        assertThrows(IllegalArgumentException.class, () -> changed("order: random", "order: shuffled")
                .requireSameRuns(plan));
    }

    @Test
    void claimsHoldOrFail() {
        Interval fell = new Interval(-0.06, -0.09, -0.03);
        Interval nothing = new Interval(-0.01, -0.03, 0.02);
        Claim third = new Claim(-0.3, null, true, false);
        assertTrue(third.holds(0.2, fell));
        // 6 points of 25 are 24 %
        assertFalse(third.holds(0.25, fell));
        assertFalse(third.holds(0.02, nothing));
        assertTrue(new Claim(null, -3.0, false, false).holds(0.75, new Interval(-0.029, -0.05, 0)));
        assertFalse(new Claim(null, -3.0, false, false).holds(0.75, new Interval(-0.031, -0.05, 0)));
        assertTrue(new Claim(null, null, false, true).holds(0.2, nothing));
        assertFalse(new Claim(null, null, false, true).holds(0.2, fell));
    }

    @Test
    void regimesHaveTheWantedShares() {
        Map<String, Double> shares = Map.of(
                "visual-dominant", 10.0,
                "audio-dominant", 45.0,
                "balanced", 20.0,
                "speechless", 10.0,
                "face-hidden", 5.0,
                "conflicting", 10.0);
        int[] numbers = EncodedClips.choose(shares, Split.SFT, 2_000);
        long voice = Arrays.stream(numbers)
                .filter(i -> ClipTruth.of(Split.SFT.seed(i)).regime() == Regime.AUDIO_DOMINANT)
                .count();
        // 45 % of 2,000, four deviations of 22 either way
        assertTrue(Math.abs(voice - 900) < 90, voice + " clips");
        assertEquals(1_999, EncodedClips.choose(Map.of(), Split.SFT, 2_000)[1_999]);
    }
}
