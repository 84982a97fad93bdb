package io.migr.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The GRPO benchmark with the shipped weights. */
@Tag("slow")
final class PolicyBenchmarkTest {
    private static final Path WEIGHTS = Path.of("../model/weights/tiny");

    @Test
    void addsRatesAndWorkToTheOtherMeasurements(@TempDir Path folder) throws IOException {
        ObjectNode result = new ObjectMapper().createObjectNode().put("train_step_s", 1);
        Bench.policy(result, WEIGHTS, folder, 1);
        assertTrue(result.path("grpo_steps_per_s").asDouble() > 0, result.toString());
        assertTrue(result.path("rollout_tokens_per_s").asDouble() > 0, result.toString());
        // 12 clips, 8 completions each: sampling, reference and gradient share one run of the towers
        assertEquals(12, result.path("tower_runs").asInt(), result.toString());
        assertEquals(96, result.path("completions").asInt(), result.toString());
        List<String> names = new ArrayList<>();
        result.fieldNames().forEachRemaining(names::add);
        assertEquals(
                List.of("train_step_s", "grpo_steps_per_s", "rollout_tokens_per_s", "tower_runs", "completions"),
                names);
        for (JsonNode value : result) {
            assertTrue(value.isNumber(), result.toString());
        }
    }

    @Test
    void noStepsMeasureNothing(@TempDir Path folder) throws IOException {
        ObjectNode result = new ObjectMapper().createObjectNode();
        Bench.policy(result, WEIGHTS, folder, 0);
        assertEquals("{}", result.toString());
    }
}
