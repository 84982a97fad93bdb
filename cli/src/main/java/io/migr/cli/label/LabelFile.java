package io.migr.cli.label;

import io.migr.schemas.ClipKey;
import io.migr.schemas.Emotion;
import io.migr.schemas.LabelFeedback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Labels read from a CSV table with the columns clip, emotion and, optionally, annotator.
 *
 * @param labels the labels of the valid lines, in order
 * @param problems one message for each invalid line, with its line number
 */
record LabelFile(List<LabelFeedback> labels, List<String> problems) {

    /**
     * Reads a table in UTF-8, with or without a header line. Fields may be quoted as spreadsheets do.
     *
     * @param prefix prefix of each clip's name
     * @param annotator the annotator of lines that name none
     */
    static LabelFile read(Path file, String prefix, String annotator, Instant now) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("There is no file " + file + " to read labels from.");
        }
        // lenient decoding: bytes that are not UTF-8 invalidate only their own line
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        List<String> lines =
                (text.startsWith("\ufeff") ? text.substring(1) : text).lines().toList();
        LabelFile read = new LabelFile(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            boolean header = i == 0 && line.toLowerCase(Locale.ROOT).matches("\"?clip\"?\\s*,.*");
            if (line.isEmpty() || header) {
                continue;
            }
            try {
                List<String> fields = fields(line);
                if (fields.size() < 2 || fields.size() > 3) {
                    throw new IllegalArgumentException(
                            "A line must be clip,emotion or clip,emotion,annotator, not \"" + line + "\".");
                }
                String who = fields.size() == 3 && !fields.get(2).isEmpty() ? fields.get(2) : annotator;
                read.labels.add(label(prefix + fields.get(0), fields.get(1), who, now));
            } catch (IllegalArgumentException e) {
                read.problems.add(file + " line " + (i + 1) + ": " + e.getMessage());
            }
        }
        return read;
    }

    /**
     * Makes a label.
     *
     * @throws IllegalArgumentException if the clip, the emotion or the annotator is invalid; if it is the emotion, the
     *     message lists the label set
     */
    static LabelFeedback label(String clip, String emotion, String annotator, Instant now) {
        if (annotator.isBlank()) {
            throw new IllegalArgumentException("A label needs the name of its annotator.");
        }
        return new LabelFeedback(ClipKey.parse(clip), emotion(emotion), annotator, now);
    }

    private static Emotion emotion(String word) {
        return labelSet().stream()
                .filter(emotion -> emotion.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + word + "\" is not an emotion of the label set: "
                        + labelSet().stream().map(LabelFile::word).collect(Collectors.joining(", ")) + "."));
    }

    /** The name of an emotion as users write it. */
    static String word(Emotion emotion) {
        return emotion.name().toLowerCase(Locale.ROOT);
    }

    private static List<Emotion> labelSet() {
        return Arrays.stream(Emotion.values())
                .filter(emotion -> emotion != Emotion.UNKNOWN)
                .toList();
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        if (quoted) {
            throw new IllegalArgumentException("A quote is opened but not closed in " + line);
        }
        fields.add(field.toString().strip());
        return fields;
    }
}
