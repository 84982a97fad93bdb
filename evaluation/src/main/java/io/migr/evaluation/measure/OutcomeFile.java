package io.migr.evaluation.measure;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Reads and writes files of outcomes, one JSON object per line, so that metrics can be computed again without the
 * clips. A file whose name ends in {@code .gz} is compressed.
 */
public final class OutcomeFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            // the order of immutable maps differs between JVMs, and the same outcomes must give the same bytes
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private OutcomeFile() {}

    /** Writes all outcomes and replaces an existing file; a half-written file never has the final name. */
    public static void write(Path file, List<Outcome> outcomes) throws IOException {
        Path next = file.resolveSibling("next-" + file.getFileName());
        OutputStream raw = Files.newOutputStream(next);
        try (BufferedWriter out = new BufferedWriter(
                new OutputStreamWriter(compressed(file) ? new GZIPOutputStream(raw) : raw, StandardCharsets.UTF_8))) {
            for (Outcome outcome : outcomes) {
                out.write(JSON.writeValueAsString(outcome));
                out.newLine();
            }
        }
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean compressed(Path file) {
        return file.getFileName().toString().endsWith(".gz");
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException if a line is not an outcome; the message contains its number
     */
    public static List<Outcome> read(Path file) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        InputStream raw = Files.newInputStream(file);
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(compressed(file) ? new GZIPInputStream(raw) : raw, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                try {
                    outcomes.add(JSON.readValue(line, Outcome.class));
                } catch (IOException e) {
                    throw new IOException(
                            "Line " + (outcomes.size() + 1) + " of " + file + " is not an outcome: " + e.getMessage(),
                            e);
                }
            }
        }
        return outcomes;
    }
}
