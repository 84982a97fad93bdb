package io.migr.trainer.judge;

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
 * The first judge, J1: what does an explanation assert? A linear classifier decides of each emotion that a sentence
 * names whether it is asserted, denied or left open. It shares neither architecture, seed nor sentences with the
 * reward's verifier, and is refused where it does not read well enough. Training takes a few seconds. Thread-safe.
 */
public final class TextJudge {
    /** What the judge of every report is trained with. */
    public static final long SEED = 29;

    private static final int ROUNDS = 60_000;
    private static final Pattern END = Pattern.compile("(?<=[.!?])\\s*");

    /** What is read. */
    public enum Scope {
        /** The weighing block alone, as ERV's metrics have it. */
        THINK,
        /** All blocks together. */
        CONCAT
    }

    private final MentionClassifier classifier = new MentionClassifier();

    private TextJudge() {}

    /**
     * Trains and examines the judge.
     *
     * @throws IllegalStateException gives its marks where they do not suffice
     */
    public static TextJudge train() {
        return train(SEED, ROUNDS);
    }

    static TextJudge train(long seed, int rounds) {
        TextJudge judge = taught(new JudgeExamples(), seed, rounds);
        JudgeReport report = JudgeReport.of(judge);
        if (!report.sufficient()) {
            throw new IllegalStateException("The text judge must not be used: " + report + "; needed are "
                    + JudgeReport.NEEDED + ". Its sentences or its seed have to change.");
        }
        return judge;
    }

    static TextJudge taught(JudgeExamples examples, long seed, int rounds) {
        TextJudge judge = new TextJudge();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < rounds; i++) {
            LabelledSentence example = examples.taught(random);
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

    /** The same in spoken order, each as often as it is asserted. */
    private List<Emotion> mentioned(String sentence) {
        return Mention.of(sentence).stream()
                .filter(mention -> classifier.probability(mention) > 0.5)
                .map(Mention::emotion)
                .toList();
    }

    /** The sentences of a text with their final marks. */
    static List<String> sentences(String text) {
        return List.of(END.split(text));
    }

    /** The emotions that a text asserts, one by one in spoken order. */
    List<Emotion> asserted(String text) {
        return sentences(text).stream()
                .flatMap(sentence -> mentioned(sentence).stream())
                .toList();
    }

    /** What a text speaks for: what it asserts most often, of equals the last; neutral where it asserts nothing. */
    public Emotion read(String text) {
        Emotion most = Judge.mostFrequent(asserted(text));
        return most == null ? Emotion.NEUTRAL : most;
    }

    /** All that an explanation asserts, in spoken order, for the first assertion and for contradictions. */
    public List<Emotion> asserted(Explanation explanation) {
        return asserted(text(explanation, Scope.CONCAT));
    }

    /** What one block asserts, in spoken order. */
    public List<Emotion> asserted(Explanation explanation, Block block) {
        return explanation.steps().stream()
                .filter(step -> step.block() == block)
                .flatMap(step -> asserted(step.text()).stream())
                .toList();
    }

    /** As a judge of one scope. */
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
