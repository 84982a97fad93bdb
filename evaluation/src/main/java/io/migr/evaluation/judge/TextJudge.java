package io.migr.evaluation.judge;

import io.migr.model.Block;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.ReasoningStep;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * The first judge, J1: reads the emotions that an explanation asserts. For each emotion named in a sentence, a linear
 * classifier decides whether it is asserted or not (denied or left open). It shares neither architecture, seed nor
 * sentences with the reward's verifier, and is rejected if it does not read well enough. Training takes a few seconds.
 * Thread-safe.
 */
public final class TextJudge {
    /** The training seed of the judge used in reports. */
    public static final long SEED = 29;

    private static final int ROUNDS = 60_000;
    private static final Pattern END = Pattern.compile("(?<=[.!?])\\s*");

    /** The part of an explanation that is read. */
    public enum Scope {
        /** The weighing block alone, as in ERV's metrics. */
        THINK,
        /** All blocks together. */
        CONCAT
    }

    private final MentionClassifier classifier = new MentionClassifier();

    private TextJudge() {}

    /** Trains and tests the judge.
     *
     * @throws IllegalStateException if its scores are too low; the message contains them
     */
    public static TextJudge train() {
        return train(SEED, ROUNDS);
    }

    static TextJudge train(long seed, int rounds) {
        TextJudge judge = trainUnchecked(new JudgeExamples(), seed, rounds);
        JudgeReport report = JudgeReport.of(judge);
        if (!report.sufficient()) {
            throw new IllegalStateException("The text judge is not accurate enough to be used: " + report
                    + "; it needs " + JudgeReport.NEEDED + ". Change its sentences or its seed.");
        }
        return judge;
    }

    /** Trains a judge without testing it. */
    static TextJudge trainUnchecked(JudgeExamples examples, long seed, int rounds) {
        TextJudge judge = new TextJudge();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < rounds; i++) {
            LabelledSentence example = examples.drawTraining(random);
            for (Mention mention : Mention.of(example.text())) {
                judge.classifier.learn(mention, example.emotions().contains(mention.emotion()), random);
            }
        }
        return judge;
    }

    /** The emotions that a sentence asserts. */
    Set<Emotion> emotions(String sentence) {
        Set<Emotion> asserted = EnumSet.noneOf(Emotion.class);
        asserted.addAll(mentioned(sentence));
        return asserted;
    }

    /** The emotions that a sentence asserts, in text order, with repetitions. */
    private List<Emotion> mentioned(String sentence) {
        return Mention.of(sentence).stream()
                .filter(mention -> classifier.probability(mention) > 0.5)
                .map(Mention::emotion)
                .toList();
    }

    /** The sentences of a text with their final punctuation. */
    static List<String> sentences(String text) {
        return List.of(END.split(text));
    }

    /** The emotions that a text asserts, in text order, with repetitions. */
    List<Emotion> asserted(String text) {
        return sentences(text).stream()
                .flatMap(sentence -> mentioned(sentence).stream())
                .toList();
    }

    /** The emotion that a text asserts most often; on a tie, the last. Neutral if it asserts nothing. */
    public Emotion read(String text) {
        Emotion most = Judge.mostFrequent(asserted(text));
        return most == null ? Emotion.NEUTRAL : most;
    }

    /** All emotions that an explanation asserts, in text order; used for the first assertion and for contradictions. */
    public List<Emotion> asserted(Explanation explanation) {
        return asserted(text(explanation, Scope.CONCAT));
    }

    /** The emotions that one block asserts, in text order. */
    public List<Emotion> asserted(Explanation explanation, Block block) {
        return explanation.steps().stream()
                .filter(step -> step.block() == block)
                .flatMap(step -> asserted(step.text()).stream())
                .toList();
    }

    /** A judge that reads one scope. */
    public Judge over(Scope scope) {
        return new Judge() {
            @Override
            public String name() {
                return scope == Scope.THINK ? "text_think" : "text_concat";
            }

            @Override
            public Emotion read(Explanation explanation) {
                return TextJudge.this.read(text(explanation, scope));
            }
        };
    }

    private static String text(Explanation explanation, Scope scope) {
        StringBuilder text = new StringBuilder();
        for (ReasoningStep step : explanation.steps()) {
            if (scope == Scope.CONCAT || step.block() == Block.WEIGHING) {
                text.append(step.text()).append('\n');
            }
        }
        return text.toString();
    }
}
