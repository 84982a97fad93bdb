package io.migr.evaluation.judge;

import io.migr.corpus.text.Phrases.Pool;
import io.migr.corpus.text.Rationale;
import io.migr.evaluation.judge.SentenceTemplates.Frame;
import io.migr.model.Emotion;
import io.migr.model.verify.WordList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sentences that the verifier is trained on: those of the reward's pool, garbled ones (halves of two cue sentences
 * joined, words replaced, as an unfinished policy writes), assertions, denials, doubts and mixtures.
 *
 * <p>The policy's own sentences are not among them, only their words: a word that neither names an emotion nor is part
 * of a denial or a doubt is sometimes replaced with one from the policy's vocabulary, or with an unknown word.
 */
final class VerifierExamples {
    private static final List<String> DEGREES = List.of("", "", ", strongly", ", slightly");
    /** A token that no word list contains. */
    private static final String UNKNOWN = "\u2047";

    private final SentenceTemplates frames = SentenceTemplates.read("frames-reward.txt");
    private final List<String> cues = PoolSentences.claiming(Pool.REWARD);
    private final List<String> assertions = PoolSentences.asserting(Pool.REWARD);
    private final List<String> weighings = PoolSentences.weighing(Pool.REWARD);
    private final Set<String> labels = new HashSet<>();
    private final Set<String> operators = new HashSet<>();
    private final List<String> fillers;
    private final List<String> others;

    VerifierExamples() {
        PoolSentences.LABELS.forEach(label -> labels.add(label.word()));
        frames.frames().stream()
                .filter(frame -> !frame.first())
                .forEach(frame -> operators.addAll(WordList.tokens(frame.text())));
        fillers = Rationale.vocabulary().stream()
                .filter(word -> !operators.contains(word) && !labels.contains(word))
                .filter(word -> Character.isLetter(word.charAt(0)))
                .toList();
        others =
                words().stream().filter(word -> !labels.contains(word)).sorted().toList();
    }

    /** Every word that can occur in these sentences. */
    Set<String> words() {
        Set<String> words = new HashSet<>(fillers);
        words.addAll(labels);
        for (List<String> sentences : List.of(cues, assertions, weighings, frames.subjects(), DEGREES)) {
            sentences.forEach(sentence -> words.addAll(WordList.tokens(sentence)));
        }
        frames.frames().forEach(frame -> words.addAll(WordList.tokens(frame.text())));
        words.removeAll(List.of("{", "}", "e", "f", "s"));
        return words;
    }

    /** Draws a sentence at random. */
    LabelledSentence draw(SplittableRandom random) {
        int kind = random.nextInt(24);
        if (kind < 5) {
            return nothing(blur(pick(cues, random), random) + pick(DEGREES, random));
        }
        if (kind < 6) {
            return nothing(splice(random));
        }
        if (kind < 8) {
            return nothing(blur(pick(weighings, random), random));
        }
        if (kind < 9) {
            // an assertion with another word in place of the emotion
            return nothing(pick(assertions, random).replace("{e}", pick(fillers, random)));
        }
        if (kind < 10) {
            return nothing(salad(others, 2 + random.nextInt(7), random));
        }
        if (kind < 14) {
            Emotion emotion = PoolSentences.LABELS.get(random.nextInt(PoolSentences.LABELS.size()));
            String text = pick(assertions, random).replace("{e}", emotion.word());
            return new LabelledSentence(blur(text, random), Set.of(emotion));
        }
        Frame frame = frames.frames().get(random.nextInt(frames.frames().size()));
        LabelledSentence filled = frames.fill(frame, PoolSentences.LABELS, random, Emotion::word);
        // a cue and its appraisal in one sentence
        String before = kind < 22 ? "" : pick(cues, random) + ", ";
        return new LabelledSentence(before + blur(filled.text(), random), filled.emotions());
    }

    private static LabelledSentence nothing(String text) {
        return new LabelledSentence(text, Set.of());
    }

    private static String pick(List<String> from, SplittableRandom random) {
        return from.get(random.nextInt(from.size()));
    }

    /** Joins the beginning of one cue's sentence and the end of another's. */
    private String splice(SplittableRandom random) {
        String[] one = pick(cues, random).split(" ");
        String[] other = pick(cues, random).split(" ");
        List<String> words = new ArrayList<>(List.of(one).subList(0, 1 + random.nextInt(one.length)));
        words.addAll(List.of(other).subList(random.nextInt(other.length), other.length));
        return String.join(" ", words);
    }

    private static String salad(List<String> words, int length, SplittableRandom random) {
        return Stream.generate(() -> pick(words, random)).limit(length).collect(Collectors.joining(" "));
    }

    /** Replaces some words that do not affect what is asserted, in half of the sentences. */
    private String blur(String sentence, SplittableRandom random) {
        if (random.nextBoolean()) {
            return sentence;
        }
        return WordList.tokens(sentence).stream()
                .map(word -> labels.contains(word) || operators.contains(word) || random.nextInt(3) > 0
                        ? word
                        : random.nextBoolean() ? UNKNOWN : pick(fillers, random))
                .collect(Collectors.joining(" "));
    }
}
