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


/** Metrics of a run, one JSON object a line; stages share a file and tell their lines by {@code stage}. */
public final class Journal {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final String stage;

    public Journal(Path file, String stage) {
        this.file = file;
        this.stage = stage;
    }

    /** A line to fill: the stage, the step and how many steps there are. */
    public ObjectNode line(int step, int steps) {
        return JSON.createObjectNode().put("stage", stage).put("step", step).put("steps", steps);
    }

    /** Drops what this stage wrote after {@code step}, the one that its checkpoint holds. */
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
