package io.migr.evaluation.benchmark;

import io.migr.evaluation.benchmark.BenchmarkProblem.Kind;
import io.migr.evaluation.benchmark.FoldListing.Entry;
import io.migr.model.Emotion;
import io.migr.model.verify.Synonyms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * MAFW (Liu et al. 2022), the single-label set, in its unpacked layout:
 *
 * <pre>
 * Train &amp; Test Set/single/no_caption/set_1/test.txt ... set_5/test.txt    00001.mp4 anger
 * data/clips/00001.mp4 ...
 * </pre>
 *
 * Labels are its eleven words (anger, disgust, fear, happiness, neutral, sadness, surprise, contempt, anxiety,
 * helplessness, disappointment) or their synonyms. A model with fewer labels can't predict the others, so such clips
 * count as wrong.
 */
final class Mafw {
    private static final String ADVICE = "--path is the folder that holds \"Train & Test Set\" and data.";

    private Mafw() {}

    static FoldListing list(Path root, int fold) {
        FoldFile file = new FoldFile(root.resolve("Train & Test Set")
                .resolve("single")
                .resolve("no_caption")
                .resolve("set_" + fold)
                .resolve("test.txt"));
        Map<Integer, String> lines = file.lines(ADVICE);
        Map<String, Path> videos = FoldFile.videos(root.resolve("data").resolve("clips"), Set.of("mp4"));
        List<Entry> entries = new ArrayList<>();
        lines.forEach((line, text) -> {
            String[] words = text.split("\\s+");
            if (words.length != 2 || !words[0].endsWith(".mp4")) {
                file.broken(
                        file.at(line), "a line is a video and a label, like \"00001.mp4 anger\", not \"" + text + "\"");
            } else if (file.isFirst(line, words[0])) {
                entry(file, words, videos).ifPresent(entries::add);
            }
        });
        return new FoldListing(entries, file.problems());
    }

    private static Optional<Entry> entry(FoldFile file, String[] words, Map<String, Path> videos) {
        Optional<Emotion> label = Synonyms.fold(words[1], Emotion.MAFW);
        if (label.isEmpty()) {
            String known = Emotion.MAFW.stream().map(Emotion::word).collect(Collectors.joining(", "));
            file.note(Kind.LABEL, words[0], "\"" + words[1] + "\" means none of " + known);
            return Optional.empty();
        }
        Path video = videos.get(words[0].substring(0, words[0].length() - ".mp4".length()));
        if (video == null) {
            file.note(Kind.MISSING_VIDEO, words[0], "it is not in data/clips");
            return Optional.empty();
        }
        return Optional.of(new Entry(words[0], label.get(), video));
    }
}
