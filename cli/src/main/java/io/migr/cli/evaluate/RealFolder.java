package io.migr.cli.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A folder of labelled pictures of faces, or of labelled recordings of voices.
 *
 * @param faces whether it holds faces; else voices
 */
record RealFolder(boolean faces, List<Entry> entries) {
    /**
     * A file and what is known of it.
     *
     * @param label its entry in labels.json; of a variant, the entry of what it was made from
     * @param variant how it was degraded; null if it was not
     * @param light factor on the values of a picture, above 0 to 1
     */
    record Entry(Path file, String name, JsonNode label, String variant, double light) {
        boolean picture() {
            return name.toLowerCase(Locale.ROOT).matches(".*\\.(png|jpe?g)");
        }
    }

    private static final double DARK = 0.1;

    /**
     * Reads labels.json and, if there is one, variants.json. Pictures of faces are also listed darkened.
     *
     * @throws IllegalArgumentException if the folder has another form; the message says what was expected
     */
    static RealFolder read(Path folder) throws IOException {
        Path labels = folder.resolve("labels.json");
        if (!Files.isRegularFile(labels)) {
            throw wrong(folder, "has no labels.json");
        }
        JsonNode root = json(folder, labels);
        JsonNode listed = root.isArray() ? root : root.path("entries");
        if (listed.isEmpty()) {
            throw wrong(folder, "lists no files in labels.json");
        }
        boolean faces = listed.get(0).has("faces");
        List<Entry> entries = new ArrayList<>();
        Map<String, JsonNode> byId = new HashMap<>();
        for (JsonNode label : listed) {
            if (!label.has("file") || label.has("faces") != faces || (!faces && !label.has("voiced"))) {
                throw wrong(folder, "has this entry in labels.json: " + label);
            }
            byId.put(label.path("id").asText(), label);
            entries.add(entry(
                    folder,
                    label,
                    label,
                    label.has("augmentation") ? label.path("augmentation").asText() : null));
        }
        Path variants = folder.resolve("variants.json");
        for (JsonNode variant : Files.isRegularFile(variants) ? json(folder, variants) : List.<JsonNode>of()) {
            JsonNode label = byId.get(variant.path("of").asText());
            if (label == null || !variant.has("file") || !variant.has("variant")) {
                throw wrong(folder, "has this entry in variants.json: " + variant);
            }
            entries.add(entry(folder, variant, label, variant.path("variant").asText()));
        }
        entries.addAll(entries.stream()
                .filter(entry -> entry.variant() == null
                        && entry.picture()
                        && entry.label().path("faces").asInt() > 0)
                .map(entry -> new Entry(entry.file(), entry.name(), entry.label(), "darkened to a tenth", DARK))
                .toList());
        return new RealFolder(faces, entries);
    }

    private static Entry entry(Path folder, JsonNode entry, JsonNode label, String variant) {
        String file = entry.path("file").asText();
        return new Entry(folder.resolve(file), file, label, variant, 1);
    }

    private static JsonNode json(Path folder, Path file) throws IOException {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw wrong(folder, "has a " + file.getFileName() + " that is not JSON");
        }
    }

    private static IllegalArgumentException wrong(Path folder, String what) {
        return new IllegalArgumentException("--real " + folder + " " + what
                + ". It must be a folder whose labels.json lists files, each with \"file\" and, for faces, \"faces\""
                + " (how many) or, for voices, \"voiced\" (yes, mixed or no).");
    }
}
