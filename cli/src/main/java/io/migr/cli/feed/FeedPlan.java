package io.migr.cli.feed;

import io.migr.features.ffmpeg.MediaFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which files are sent for which participant.
 *
 * @param parts files of each participant, in the order in which they are sent
 * @param skipped files of the given folders that are not recordings by their names
 */
record FeedPlan(Map<String, List<Path>> parts, List<Path> skipped) {

    /**
     * The plan for files and folders.
     *
     * @param participant of all files, as parts of one recording; null: each file is a participant of its own name
     * @throws IOException if there is nothing to send or two files have the same name
     */
    static FeedPlan of(List<Path> paths, String participant) throws IOException {
        List<Path> files = new ArrayList<>();
        List<Path> skipped = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                try (var inside = Files.list(path)) {
                    inside.filter(Files::isRegularFile)
                            .sorted()
                            .forEach(file -> (MediaFormats.isRecording(file.toString()) ? files : skipped).add(file));
                }
            } else {
                files.add(path);
            }
        }
        if (files.isEmpty()) {
            throw new IOException("There is no recording in " + paths + ". " + MediaFormats.sentence());
        }
        Map<String, List<Path>> parts = new LinkedHashMap<>();
        for (Path file : files) {
            String name = participant != null ? participant : participantOf(file);
            List<Path> same = parts.computeIfAbsent(name, one -> new ArrayList<>());
            if (participant == null && !same.isEmpty()) {
                throw new IOException(same.get(0) + " and " + file + " would both be participant " + name
                        + ". Rename one, send them in two calls, or name the participant (--participant) whose parts they"
                        + " are.");
            }
            same.add(file);
        }
        return new FeedPlan(parts, skipped);
    }

    /** Number of files to send. */
    int files() {
        return parts.values().stream().mapToInt(List::size).sum();
    }

    private static String participantOf(Path file) {
        return file.getFileName().toString().replaceAll("\\.[^.]*$", "");
    }
}
