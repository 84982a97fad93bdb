package io.migr.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.engine.ProcessorFeatures;
import io.migr.evaluation.measure.Bootstrap;
import io.migr.evaluation.measure.Interval;
import io.migr.evaluation.measure.Metric;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.measure.OutcomeFile;
import io.migr.evaluation.measure.Scores;
import io.migr.model.checkpoint.EmotionModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mechanics plan, from clips to results, on the shipped towers. */
@Tag("long")
final class ExperimentTest {
    private static final Path PLAN = Path.of("experiments", "mechanics.yaml");
    private static final Path WEIGHTS = Path.of("..", "model", "weights", "tiny");

    @TempDir
    private Path folder;

    @Test
    void theOrderRewardRisesAndOrderFallsInNoRegime() throws IOException {
        Plan plan = Plan.read(PLAN);
        List<String> said = new ArrayList<>();
        try (EmotionModel base = EmotionModel.load(WEIGHTS, "cpu")) {
            Experiment experiment = new Experiment(
                    plan, base, folder, folder.resolve("material"), ProcessorFeatures.hasBfloat(), said::add);
            experiment.run(plan.seeds(), plan.arms().keySet(), PLAN);
            int trained = said.size();
            List<Path> files = outcomes();
            byte[] before = Files.readAllBytes(files.get(0));
            experiment.run(plan.seeds(), plan.arms().keySet(), PLAN);
            assertEquals(trained, said.size(), "finished work must not be repeated");
            Files.delete(files.get(0));
            experiment.run(plan.seeds(), plan.arms().keySet(), PLAN);
            assertTrue(Arrays.equals(before, Files.readAllBytes(files.get(0))), "decoded again, the bytes must match");
        }
        double[] order = ExperimentResults.of(plan, folder).curves().get("R2").get("order");
        double first = Arrays.stream(order, 0, 10).average().orElseThrow();
        double last =
                Arrays.stream(order, order.length - 10, order.length).average().orElseThrow();
        assertTrue(last > first + 0.03, "order reward " + first + " to " + last);
        List<Outcome> before = outcomes("R0");
        List<Outcome> after = outcomes("R2");
        Interval rise = change(before, after);
        assertTrue(rise.value() > 0.1, "order changed by " + rise);
        assertTrue(rise.low() > 0, "order rose no more than by chance: " + rise);
        Scores.slices(before).forEach((regime, was) -> {
            Interval change = change(was, Scores.slices(after).get(regime));
            // balanced clips have no right order
            assertFalse(change.high() < 0, regime + ": order fell beyond chance: " + change);
        });
    }

    private static Interval change(List<Outcome> before, List<Outcome> after) {
        return Bootstrap.USUAL.difference(
                List.of(before), List.of(after), clips -> Metric.ORDER.of(clips, ExperimentResults.JUDGED));
    }

    private List<Outcome> outcomes(String arm) throws IOException {
        return OutcomeFile.read(Experiment.outcomes(folder, arm, 1, 1));
    }

    private List<Path> outcomes() throws IOException {
        try (var files = Files.list(folder.resolve("outcomes"))) {
            return files.sorted().toList();
        }
    }
}
