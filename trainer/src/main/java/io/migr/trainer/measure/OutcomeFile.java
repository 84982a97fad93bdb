package io.migr.trainer.measure;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Outcomes as a file, one JSON object a line, so that metrics can be computed again without the clips. */
public final class OutcomeFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            // immutable maps have another order in every JVM, and the same outcomes have to be the same bytes
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private OutcomeFile() {}

    /** Writes all, replacing what was there. */
    public static void write(Path file, List<Outcome> outcomes) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Outcome outcome : outcomes) {
                out.write(JSON.writeValueAsString(outcome));
                out.newLine();
            }
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException names the line that is none
     */
    public static List<Outcome> read(Path file) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        try (BufferedReader in = Files.newBufferedReader(file)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                try {
                    outcomes.add(JSON.readValue(line, Outcome.class));
                } catch (IOException e) {
                    throw new IOException(
                            "Line " + (outcomes.size() + 1) + " of " + file + " is no outcome: " + e.getMessage(), e);
                }
            }
        }
        return outcomes;
    }
}
