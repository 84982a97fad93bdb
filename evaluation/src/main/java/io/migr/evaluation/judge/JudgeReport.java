package io.migr.evaluation.judge;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.Split;
import io.migr.corpus.text.Phrases.Pool;
import io.migr.corpus.text.Rationale;
import io.migr.corpus.text.Rationale.Draft;
import io.migr.corpus.text.Rationale.Order;
import io.migr.corpus.text.Rationale.Text;
import io.migr.evaluation.judge.TextJudge.Scope;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.ReasoningStep;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * How well the text judge reads, as shares in 0..1.
 *
 * @param sentences share of held-out sentences of its pool whose emotions are read exactly
 * @param explanations share of explanations written in sentences of its pool, about held-out clips, whose conclusion
 *     and majority are both read correctly
 * @param stress share of hand-written denials, hedges and contrasts that are read correctly
 * @param policySentences share of the policy's sentences, none of which it was trained on, that are read exactly
 * @param policyExplanations the same as {@code explanations}, for explanations in the policy's sentences
 */
public record JudgeReport(
        double sentences, double explanations, double stress, double policySentences, double policyExplanations) {
    /** The minimum that a judge must reach. */
    public static final String NEEDED = "0.97 of held-out sentences and explanations and 0.90 of the stress set";

    private static final double LEAST = 0.97;
    private static final double LEAST_STRESS = 0.90;
    private static final int DRAWS = 5_000;
    private static final int CLIPS = 300;

    /** Whether the judge reaches the minimum and may be used. */
    public boolean sufficient() {
        return sentences >= LEAST && explanations >= LEAST && stress >= LEAST_STRESS;
    }

    static JudgeReport of(TextJudge judge) {
        JudgeExamples examples = new JudgeExamples();
        SplittableRandom random = new SplittableRandom(41);
        List<LabelledSentence> heldOut = new ArrayList<>();
        for (int i = 0; i < DRAWS; i++) {
            heldOut.add(examples.drawHeldOut(random));
        }
        PoolSentences.all(Pool.JUDGE).stream()
                .filter(sentence -> sentence.emotions().isEmpty())
                .forEach(heldOut::add);
        return new JudgeReport(
                exact(judge, heldOut),
                explanations(judge, Pool.JUDGE, Split.VALIDATION),
                stress(judge),
                exact(judge, PoolSentences.all(Pool.TRAINING)),
                explanations(judge, Pool.TRAINING, Split.TEST));
    }

    static double exact(TextJudge judge, List<LabelledSentence> sentences) {
        return share(sentences, sentence -> judge.emotions(sentence.text()).equals(sentence.emotions()));
    }

    /** The share of the stress set that is read correctly. */
    static double stress(TextJudge judge) {
        List<String[]> lines = SentenceTemplates.table("stress.txt");
        return share(lines, line -> judge.read(line[1]).word().equals(line[0]));
    }

    private static double explanations(TextJudge judge, Pool pool, Split split) {
        Rationale raw = new Rationale(Text.RAW, Order.RANDOM, 1);
        Rationale half = new Rationale(Text.HALF, Order.RANDOM, 1);
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < CLIPS; i++) {
            ClipTruth clip = ClipTruth.of(split.seed(i));
            drafts.add((i % 2 == 0 ? raw : half).draft(clip, pool, new SplittableRandom(i)));
        }
        return share(drafts, draft -> {
            Explanation explanation = new Explanation(draft.steps(), Emotion.NEUTRAL, Finish.STOP, draft.text());
            return judge.over(Scope.THINK).read(explanation)
                            == majority(draft.steps().subList(2, 3))
                    && judge.over(Scope.CONCAT).read(explanation) == majority(draft.steps());
        });
    }

    /** The emotion that most steps assert; on a tie, the last. */
    private static Emotion majority(List<ReasoningStep> steps) {
        Map<Emotion, Integer> counts = new EnumMap<>(Emotion.class);
        steps.stream()
                .map(ReasoningStep::emotion)
                .filter(Objects::nonNull)
                .forEach(emotion -> counts.merge(emotion, 1, Integer::sum));
        Emotion best = Emotion.NEUTRAL;
        int most = 0;
        for (int i = steps.size() - 1; i >= 0; i--) {
            int count = counts.getOrDefault(steps.get(i).emotion(), 0);
            if (steps.get(i).emotion() != null && count > most) {
                most = count;
                best = steps.get(i).emotion();
            }
        }
        return best;
    }

    private static <T> double share(List<T> items, java.util.function.Predicate<T> holds) {
        return items.stream().filter(holds).count() / (double) items.size();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "it reads %.4f of held-out sentences, %.4f of held-out explanations, %.4f of the stress set,"
                        + " %.4f of the policy's sentences, %.4f of explanations in them",
                sentences,
                explanations,
                stress,
                policySentences,
                policyExplanations);
    }
}
