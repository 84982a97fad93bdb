package io.migr.trainer.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.EmotionModel;
import io.migr.trainer.experiment.Results.Row;
import io.migr.trainer.measure.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mechanics plan, from clips to results, on the shipped towers. */
final class ExperimentTest {
    private static final Path PLAN = Path.of("experiments", "mechanics.yaml");
    private static final Path WEIGHTS = Path.of("..", "model", "weights", "tiny");

    @TempDir
    private Path folder;

    private Map<String, Row> rows(Plan plan) throws IOException {
        Map<String, Row> rows = new java.util.HashMap<>();
        Results.of(plan, folder).rows().forEach(row -> rows.put(row.arm(), row));
        return rows;
    }

    @Test
    void theOrderRewardRisesAndOrderFallsInNoRegime() throws IOException {
        Plan plan = Plan.read(PLAN);
        List<String> said = new ArrayList<>();
        try (EmotionModel base = EmotionModel.load(WEIGHTS, "cpu")) {
            Experiment experiment = new Experiment(plan, base, folder, folder.resolve("material"), false, said::add);
            experiment.run(plan.seeds());
            int trained = said.size();
            List<Path> files = outcomes();
            byte[] before = Files.readAllBytes(files.get(0));
            experiment.run(plan.seeds());
            assertEquals(trained, said.size(), "what is done is not done again");
            Files.delete(files.get(0));
            experiment.run(plan.seeds());
            assertTrue(Arrays.equals(before, Files.readAllBytes(files.get(0))), "read again, the same bytes");
        }
        double[] order = Results.of(plan, folder).curves().get("R2").get("order");
        double first = Arrays.stream(order, 0, 10).average().orElseThrow();
        double last =
                Arrays.stream(order, order.length - 10, order.length).average().orElseThrow();
        assertTrue(last > first + 0.1, "order reward " + first + " to " + last);
        Map<String, Row> rows = rows(plan);
        rows.get("R0").slices().forEach((regime, values) -> {
            double was = values.get(Metric.ORDER).value();
            double is = rows.get("R2").slices().get(regime).get(Metric.ORDER).value();
            // balanced clips have no right order
            assertTrue(Double.isNaN(was) || is >= was, regime + ": order " + was + " to " + is);
        });
    }

    private List<Path> outcomes() throws IOException {
        try (var files = Files.list(folder.resolve("outcomes"))) {
            return files.sorted().toList();
        }
    }
}
