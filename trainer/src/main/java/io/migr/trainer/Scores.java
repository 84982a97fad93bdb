package io.migr.trainer;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Metrics over a set of clips; every rate is in 0..1, NaN where no clip qualifies.
 *
 * <p>With label g, prediction p, emotion j that the explanation asserts, N clips:
 *
 * @param clips N
 * @param war weighted average recall = accuracy = mean 1[p = g]
 * @param uar unweighted average recall = mean over classes of recall
 * @param bayesAccuracy mean 1[b = g], b the arg-max posterior of the true cues
 * @param shareOfBayes war / bayesAccuracy
 * @param answerAccuracy mean 1[answer = g]
 * @param importanceAccuracy mean 1[dominant = oracle] over clips whose oracle is not balanced
 * @param orderAccuracy mean 1[first block = oracle] over the same clips
 * @param consistency mean 1[j = p] (explanation-prediction consistency, EPC)
 * @param inconsistentWhenCorrect IR: share of clips with j != g among those with p = g
 * @param explanationAccuracy mean 1[j = g] (EEA)
 * @param formatRate share of explanations that the model completed itself
 */
public record Scores(
        int clips,
        double war,
        double uar,
        double bayesAccuracy,
        double shareOfBayes,
        double answerAccuracy,
        double importanceAccuracy,
        double orderAccuracy,
        double consistency,
        double inconsistentWhenCorrect,
        double explanationAccuracy,
        double formatRate) {

    public static Scores of(List<Outcome> outcomes) {
        List<Outcome> decided =
                outcomes.stream().filter(o -> o.oracle() != Dominance.BALANCED).toList();
        List<Outcome> correct =
                outcomes.stream().filter(o -> o.predicted() == o.label()).toList();
        double war = share(outcomes, o -> o.predicted() == o.label());
        double bayes = share(outcomes, o -> o.bayes() == o.label());
        return new Scores(
                outcomes.size(),
                war,
                meanRecall(outcomes),
                bayes,
                war / bayes,
                share(outcomes, o -> o.answer() == o.label()),
                share(decided, o -> o.dominant() == o.oracle()),
                share(decided, o -> o.firstBlock() == o.requiredFirst()),
                share(outcomes, o -> o.asserted() == o.predicted()),
                share(correct, o -> o.asserted() != o.label()),
                share(outcomes, o -> o.asserted() == o.label()),
                share(outcomes, Outcome::wellFormed));
    }

    /** The same metrics per slice, in alphabetical order. */
    public static Map<String, Scores> perSlice(List<Outcome> outcomes) {
        Map<String, Scores> scores = new TreeMap<>();
        outcomes.stream()
                .collect(Collectors.groupingBy(Outcome::slice))
                .forEach((slice, members) -> scores.put(slice, of(members)));
        return scores;
    }

    private static double share(List<Outcome> outcomes, Predicate<Outcome> holds) {
        return outcomes.stream()
                .mapToDouble(o -> holds.test(o) ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }

    private static double meanRecall(List<Outcome> outcomes) {
        Map<Emotion, List<Outcome>> byLabel = outcomes.stream()
                .collect(
                        Collectors.groupingBy(Outcome::label, () -> new EnumMap<>(Emotion.class), Collectors.toList()));
        return byLabel.values().stream()
                .mapToDouble(members -> share(members, o -> o.predicted() == o.label()))
                .average()
                .orElse(Double.NaN);
    }
}
