package io.migr.evaluation.judge;

import io.migr.corpus.text.Phrases.Pool;
import io.migr.model.Emotion;
import io.migr.model.verify.SentenceVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * How well a verifier reads: the share of sentences whose set of asserted emotions is exactly right, 0..1.
 *
 * @param training all of the policy's sentences with every emotion and degree; it was trained on none of them, and
 *     reads them in rewards
 * @param reward the sentences it was trained on
 * @param judge the judge's sentences, whose words and templates it was not trained on
 * @param denials assertions, denials and doubts from the judge's templates, drawn at random
 */
public record VerifierReport(double training, double reward, double judge, double denials) {
    /** The minimum that a verifier must reach. */
    public static final String NEEDED =
            "0.999 of the policy's and of its own sentences, 0.98 of the judge's and 0.70 of the judge's denials";

    private static final double LEAST = 0.999;
    private static final double LEAST_JUDGE = 0.98;
    private static final double LEAST_DENIALS = 0.70;
    private static final int DRAWS = 4_000;

    /** Whether the verifier reaches the minimum and may be used. */
    public boolean sufficient() {
        return training >= LEAST && reward >= LEAST && judge >= LEAST_JUDGE && denials >= LEAST_DENIALS;
    }

    static VerifierReport of(SentenceVerifier verifier) {
        SentenceTemplates frames = SentenceTemplates.read("frames-judge.txt");
        SplittableRandom random = new SplittableRandom(11);
        List<LabelledSentence> denials = new ArrayList<>();
        for (int i = 0; i < DRAWS; i++) {
            SentenceTemplates.Frame frame =
                    frames.frames().get(random.nextInt(frames.frames().size()));
            denials.add(frames.fill(frame, PoolSentences.LABELS, random, Emotion::word));
        }
        return new VerifierReport(
                accuracy(verifier, PoolSentences.all(Pool.TRAINING)),
                accuracy(verifier, PoolSentences.all(Pool.REWARD)),
                accuracy(verifier, PoolSentences.all(Pool.JUDGE)),
                accuracy(verifier, denials));
    }

    static double accuracy(SentenceVerifier verifier, List<LabelledSentence> sentences) {
        int right = 0;
        for (int from = 0; from < sentences.size(); from += 256) {
            List<LabelledSentence> batch = sentences.subList(from, Math.min(sentences.size(), from + 256));
            List<Set<Emotion>> sets =
                    verifier.emotions(batch.stream().map(LabelledSentence::text).toList());
            for (int i = 0; i < batch.size(); i++) {
                right += sets.get(i).equals(batch.get(i).emotions()) ? 1 : 0;
            }
        }
        return right / (double) sentences.size();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "verifier reads exactly: training pool %.4f, reward pool %.4f, judge pool %.4f, judge's denials %.4f",
                training,
                reward,
                judge,
                denials);
    }
}
