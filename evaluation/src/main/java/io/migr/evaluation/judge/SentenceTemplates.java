package io.migr.evaluation.judge;

import io.migr.model.Emotion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Sentence templates with slots for a subject and one or two emotions; each states which of them it asserts. */
final class SentenceTemplates {

    /** One template.
     *
     * @param text with {@code {s}} for the subject, {@code {e}} and {@code {f}} for the emotions
     * @param first whether {@code {e}} is asserted
     * @param second whether {@code {f}} is asserted
     */
    record Frame(String text, boolean first, boolean second) {

        /** Whether either emotion is asserted. */
        boolean asserts() {
            return first || second;
        }

        /** Fills the slots with a subject and the given words for two different emotions. */
        LabelledSentence fill(String subject, Emotion e, String eWord, Emotion f, String fWord) {
            Set<Emotion> asserted = EnumSet.noneOf(Emotion.class);
            if (first) {
                asserted.add(e);
            }
            if (second) {
                asserted.add(f);
            }
            return new LabelledSentence(
                    text.replace("{s}", subject).replace("{e}", eWord).replace("{f}", fWord), asserted);
        }
    }

    private final List<Frame> frames;
    private final List<String> subjects;

    private SentenceTemplates(List<Frame> frames, List<String> subjects) {
        this.frames = List.copyOf(frames);
        this.subjects = List.copyOf(subjects);
    }

    /** Reads templates and subjects from a resource of this package. */
    static SentenceTemplates read(String resource) {
        List<Frame> frames = new ArrayList<>();
        List<String> subjects = new ArrayList<>();
        for (String[] sides : table(resource)) {
            if (sides[0].equals("subjects")) {
                subjects.addAll(List.of(sides[1].split("; ")));
            } else {
                frames.add(new Frame(sides[1], sides[0].contains("e"), sides[0].contains("f")));
            }
        }
        return new SentenceTemplates(frames, subjects);
    }

    /** The lines of a resource that are neither blank nor comments, each split at its first {@code " | "}. */
    static List<String[]> table(String resource) {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(SentenceTemplates.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" \\| ", 2))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Frame> frames() {
        return frames;
    }

    List<String> subjects() {
        return subjects;
    }

    /** Fills a template at random; {@code word} chooses the word for an emotion. */
    LabelledSentence fill(Frame frame, List<Emotion> labels, SplittableRandom random, Function<Emotion, String> word) {
        Emotion e = labels.get(random.nextInt(labels.size()));
        Emotion f = labels.get((labels.indexOf(e) + 1 + random.nextInt(labels.size() - 1)) % labels.size());
        String subject = subjects.get(random.nextInt(subjects.size()));
        return frame.fill(subject, e, word.apply(e), f, word.apply(f));
    }
}
