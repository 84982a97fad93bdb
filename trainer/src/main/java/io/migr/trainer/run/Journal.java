package io.migr.trainer.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Metrics of a run, one JSON object per line; stages share a file, and {@code stage} identifies their lines. */
public final class Journal {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final String stage;

    public Journal(Path file, String stage) {
        this.file = file;
        this.stage = stage;
    }

    /** A new line with the stage, the step and the total number of steps, to be completed by the caller. */
    public ObjectNode line(int step, int steps) {
        return JSON.createObjectNode().put("stage", stage).put("step", step).put("steps", steps);
    }

    /** Removes the lines this stage wrote after {@code step}, the step of its checkpoint. */
    public void forgetAfter(int step) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        List<String> kept = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode json = JSON.readTree(line);
            if (!json.path("stage").asText().equals(stage) || json.path("step").asInt() <= step) {
                kept.add(line);
            }
        }
        Files.write(file, kept);
    }

    /** Appends a line. */
    public void add(ObjectNode line) throws IOException {
        Files.writeString(
                file, JSON.writeValueAsString(line) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
