package io.migr.evaluation.benchmark;

import io.migr.evaluation.benchmark.BenchmarkProblem.Kind;
import io.migr.evaluation.benchmark.FoldListing.Entry;
import io.migr.model.Emotion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * DFEW (Jiang et al. 2020), the single-labelled set, in its unpacked layout:
 *
 * <pre>
 * EmoLabel_DataSplit/test(single-labeled)/set_1.csv ... set_5.csv    video_name,label
 * Clip/original/1.mp4 ...                                            with sound; preferred
 * Clip/clip_224x224_avi/00001.avi ...                                faces, no sound
 * Clip/clip_224x224/00001/00001_00001.jpg ...                        faces as pictures, no sound
 * </pre>
 *
 * Labels are 1 happy, 2 sad, 3 neutral, 4 angry, 5 surprise, 6 disgust, 7 fear; videos are named by numbers, with or
 * without leading zeros.
 */
final class Dfew {
    private static final String ADVICE = "--path is the folder that holds EmoLabel_DataSplit and Clip.";

    private Dfew() {}

    static FoldListing list(Path root, int fold) {
        FoldFile file = new FoldFile(root.resolve("EmoLabel_DataSplit")
                .resolve("test(single-labeled)")
                .resolve("set_" + fold + ".csv"));
        Map<Integer, String> lines = file.lines(ADVICE);
        Map<Integer, Path> videos = videos(root.resolve("Clip"));
        List<Entry> entries = new ArrayList<>();
        int[] columns = null;
        for (Map.Entry<Integer, String> line : lines.entrySet()) {
            String[] cells = Arrays.stream(line.getValue().split(",", -1))
                    .map(cell -> cell.replace("\"", "").strip())
                    .toArray(String[]::new);
            if (columns == null) {
                columns = columns(cells, file, line.getKey());
                if (columns.length == 0) {
                    break;
                }
            } else {
                entry(file, line.getKey(), cells, columns, videos, entries);
            }
        }
        if (!lines.isEmpty() && lines.size() < 2) {
            file.broken("set_" + fold + ".csv", "it lists no video");
        }
        return new FoldListing(entries, file.problems());
    }

    /** Indices of the name and label columns; empty, with a problem recorded, if one is missing. */
    private static int[] columns(String[] heads, FoldFile file, int line) {
        int name = Arrays.asList(heads).indexOf("video_name");
        int label = Arrays.asList(heads).indexOf("label");
        if (name < 0 || label < 0) {
            file.broken(file.at(line), "the columns are video_name and label, not " + String.join(", ", heads));
            return new int[0];
        }
        return new int[] {name, label};
    }

    private static void entry(
            FoldFile file, int line, String[] cells, int[] columns, Map<Integer, Path> videos, List<Entry> entries) {
        if (cells.length <= Math.max(columns[0], columns[1])) {
            file.broken(file.at(line), "it has " + cells.length + " column" + (cells.length == 1 ? "" : "s"));
            return;
        }
        String name = cells[columns[0]];
        int number = number(name);
        if (number < 0) {
            file.broken(file.at(line), "a video is named by a number, not \"" + name + "\"");
            return;
        }
        if (!file.isFirst(line, String.valueOf(number))) {
            return;
        }
        int label = number(cells[columns[1]]);
        if (label < 1 || label > Emotion.DFEW.size()) {
            file.note(Kind.LABEL, name, "labels are 1 to 7, not \"" + cells[columns[1]] + "\"");
            return;
        }
        Path video = videos.get(number);
        if (video == null) {
            file.note(Kind.MISSING_VIDEO, name, "it is neither in Clip/original nor in Clip/clip_224x224");
            return;
        }
        entries.add(new Entry(name, Emotion.DFEW.get(label - 1), video));
    }

    /** Parses a whole number, also one that a spreadsheet wrote as 3.0; -1 if it is not a number. */
    private static int number(String text) {
        return text.matches("\\d{1,9}(\\.0+)?") ? Integer.parseInt(text.replaceAll("\\..*", "")) : -1;
    }

    private static Map<Integer, Path> videos(Path clips) {
        Map<Integer, Path> videos = new HashMap<>();
        add(videos, FoldFile.videos(clips.resolve("original"), Set.of("mp4", "mkv", "avi", "mov", "webm")));
        add(videos, FoldFile.videos(clips.resolve("clip_224x224_avi"), Set.of("avi", "mp4")));
        add(videos, FoldFile.folders(clips.resolve("clip_224x224")));
        return videos;
    }

    private static void add(Map<Integer, Path> videos, Map<String, Path> found) {
        found.forEach((name, path) -> {
            if (number(name) >= 0) {
                videos.putIfAbsent(number(name), path);
            }
        });
    }
}
