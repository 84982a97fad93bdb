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

/**
 * The file of a run's metrics, one JSON object per line. Several stages may write to one file; the field {@code stage}
 * of a line is the stage that wrote it.
 */
public final class Journal {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final String stage;

    /**
     * Opens a journal for one stage.
     *
     * @param file created with the first line
     */
    public Journal(Path file, String stage) {
        this.file = file;
        this.stage = stage;
    }

    /** A new line with the stage, the step and the total number of steps; to be completed and {@link #add added}. */
    public ObjectNode line(int step, int steps) {
        return JSON.createObjectNode().put("stage", stage).put("step", step).put("steps", steps);
    }

    /**
     * Removes the lines of this stage with a later step, because a resumed run writes them again.
     *
     * @param step the step of the stage's checkpoint; -1 removes all lines of the stage
     */
    public void removeAfter(int step) throws IOException {
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

    /** Appends a line to the file. */
    public void add(ObjectNode line) throws IOException {
        Files.writeString(
                file, JSON.writeValueAsString(line) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
