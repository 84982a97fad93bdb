package io.migr.corpus;

import io.migr.model.Emotion;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A distribution over the seven emotions of the corpus. */
public record Posterior(Map<Emotion, Double> probabilities) {
    /** The emotions of the corpus. */
    public static final List<Emotion> LABELS = Emotion.DFEW;

    public Posterior {
        probabilities = Map.copyOf(probabilities);
    }

    /** Normalises exp(log weight) to sum 1. */
    public static Posterior of(ToDoubleFunction<Emotion> logWeight) {
        Map<Emotion, Double> weights = new EnumMap<>(Emotion.class);
        double highest = LABELS.stream().mapToDouble(logWeight).max().orElseThrow();
        double sum = 0;
        for (Emotion label : LABELS) {
            double weight =
                    highest == Double.NEGATIVE_INFINITY ? 1 : Math.exp(logWeight.applyAsDouble(label) - highest);
            weights.put(label, weight);
            sum += weight;
        }
        double total = sum;
        weights.replaceAll((label, weight) -> weight / total);
        return new Posterior(weights);
    }

    public double of(Emotion emotion) {
        return probabilities.get(emotion);
    }

    /** The most probable emotion; the earlier label wins a tie. */
    public Emotion best() {
        Emotion best = LABELS.get(0);
        for (Emotion label : LABELS) {
            best = of(label) > of(best) ? label : best;
        }
        return best;
    }

    /** The largest probability. */
    public double peak() {
        return of(best());
    }
}
