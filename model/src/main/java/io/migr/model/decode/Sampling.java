package io.migr.model.decode;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How a token is picked from logits.
 *
 * @param temperature 0: the most probable token; else softmax(logits / temperature)
 * @param topP keep the smallest set of tokens whose probability reaches it, 0..1
 * @param repetitionPenalty logits of tokens already generated are divided by it when positive, multiplied when
 *     negative; 1: none
 * @param seed determines every draw together with the sequence's own number, regardless of the rest of the batch
 */
public record Sampling(double temperature, double topP, double repetitionPenalty, long seed) {
    public static final Sampling GREEDY = new Sampling(0, 1, 1, 0);

    public Sampling {
        if (!(temperature >= 0) || !(topP > 0 && topP <= 1) || !(repetitionPenalty > 0)) {
            throw new IllegalArgumentException("Sampling needs temperature >= 0, 0 < top-p <= 1 and a positive "
                    + "repetition penalty; given " + temperature + ", " + topP + ", " + repetitionPenalty + ".");
        }
    }

    /** The random numbers of one sequence. */
    public SplittableRandom random(long sequence) {
        // mixed first, so that neighbouring seeds share no draws
        return new SplittableRandom(new SplittableRandom(seed).nextLong() ^ sequence);
    }

    /** Lowers repeated tokens in place. */
    public void penalise(float[] logits, int[] generated, int count) {
        if (repetitionPenalty == 1) {
            return;
        }
        Arrays.stream(generated, 0, count).distinct().forEach(token -> {
            float logit = logits[token];
            logits[token] = (float) (logit > 0 ? logit / repetitionPenalty : logit * repetitionPenalty);
        });
    }

    /**
     * Picks among {@code allowed}, or among all tokens when it is null.
     *
     * @return a token id
     */
    public int pick(float[] logits, int[] allowed, SplittableRandom random) {
        int count = allowed == null ? logits.length : allowed.length;
        if (temperature == 0) {
            int best = id(allowed, 0);
            for (int i = 1; i < count; i++) {
                if (logits[id(allowed, i)] > logits[best]) {
                    best = id(allowed, i);
                }
            }
            return best;
        }
        double[] probabilities = softmax(logits, allowed, count);
        double floor = topP < 1 ? nucleusFloor(probabilities) : 0;
        double mass = 0;
        for (double p : probabilities) {
            mass += p >= floor ? p : 0;
        }
        double draw = random.nextDouble() * mass;
        int last = -1;
        for (int i = 0; i < count; i++) {
            if (probabilities[i] >= floor && probabilities[i] > 0) {
                last = i;
                draw -= probabilities[i];
                if (draw < 0) {
                    break;
                }
            }
        }
        return id(allowed, last);
    }

    /** Draws what {@link #pick} draws, for a token that is the only one allowed. */
    void skip(SplittableRandom random) {
        if (temperature > 0) {
            random.nextDouble();
        }
    }

    private static int id(int[] allowed, int i) {
        return allowed == null ? i : allowed[i];
    }

    private double[] softmax(float[] logits, int[] allowed, int count) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            highest = Math.max(highest, logits[id(allowed, i)]);
        }
        double[] probabilities = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            probabilities[i] = Math.exp((logits[id(allowed, i)] - highest) / temperature);
            sum += probabilities[i];
        }
        for (int i = 0; i < count; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }

    private double nucleusFloor(double[] probabilities) {
        double[] sorted = probabilities.clone();
        Arrays.sort(sorted);
        double mass = 0;
        int i = sorted.length;
        while (i > 0 && mass < topP) {
            mass += sorted[--i];
        }
        return sorted[i];
    }
}
