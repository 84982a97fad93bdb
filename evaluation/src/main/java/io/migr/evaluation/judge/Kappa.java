package io.migr.evaluation.judge;

import io.migr.model.Emotion;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Agreement of two judges beyond chance. */
public final class Kappa {
    private Kappa() {}

    /**
     * Cohen's kappa, -1..1:
     *
     * <pre>
     * kappa = (p_o - p_e) / (1 - p_e),   p_o = share of equal readings,   p_e = sum over y of p_1(y) p_2(y)
     * </pre>
     *
     * @return NaN if there are no readings, or if both judges always read the same single emotion
     * @throws IllegalArgumentException if the two lists differ in length
     */
    public static double of(List<Emotion> first, List<Emotion> second) {
        if (first.size() != second.size()) {
            throw new IllegalArgumentException("Kappa compares two judges on the same explanations; one read "
                    + first.size() + ", the other " + second.size() + ".");
        }
        long n = first.size();
        long equal = 0;
        Map<Emotion, Integer> byFirst = new EnumMap<>(Emotion.class);
        Map<Emotion, Integer> bySecond = new EnumMap<>(Emotion.class);
        for (int i = 0; i < n; i++) {
            equal += first.get(i) == second.get(i) ? 1 : 0;
            byFirst.merge(first.get(i), 1, Integer::sum);
            bySecond.merge(second.get(i), 1, Integer::sum);
        }
        long chance = 0;
        for (Map.Entry<Emotion, Integer> count : byFirst.entrySet()) {
            chance += (long) count.getValue() * bySecond.getOrDefault(count.getKey(), 0);
        }
        // numerator and denominator are multiplied by n squared, so that full agreement is exactly 1
        return (equal * n - chance) / (double) (n * n - chance);
    }
}
