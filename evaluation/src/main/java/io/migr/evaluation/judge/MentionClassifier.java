package io.migr.evaluation.judge;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Logistic regression over hashed features that classifies a mention as an assertion or not. Trained with AdaGrad,
 *
 * <pre>
 * p = sigmoid(sum of w_f),   w_f -= rate g / sqrt(1 + sum of g^2),   g = p - y + decay w_f
 * </pre>
 *
 * with some features dropped at random, so that no single word decides alone. Thread-safe once trained.
 */
final class MentionClassifier {
    private static final int BITS = 18;
    private static final double RATE = 0.2;
    private static final double DECAY = 1e-4;
    private static final double DROPOUT = 0.3;

    private final float[] weights = new float[1 << BITS];
    private final float[] squares = new float[1 << BITS];

    private static int slot(String feature) {
        int hash = feature.hashCode() * 0x9E3779B9;
        return (hash ^ hash >>> 15) >>> (32 - BITS);
    }

    /** The probability that a mention is an assertion. */
    double probability(Mention mention) {
        double sum = 0;
        for (String feature : mention.features()) {
            sum += weights[slot(feature)];
        }
        return 1 / (1 + Math.exp(-sum));
    }

    /** Takes one gradient step on one mention. */
    void learn(Mention mention, boolean asserted, SplittableRandom random) {
        List<String> features = mention.features();
        boolean[] dropped = new boolean[features.size()];
        double sum = 0;
        for (int i = 0; i < dropped.length; i++) {
            dropped[i] = i > 0 && random.nextDouble() < DROPOUT;
            sum += dropped[i] ? 0 : weights[slot(features.get(i))];
        }
        double error = 1 / (1 + Math.exp(-sum)) - (asserted ? 1 : 0);
        for (int i = 0; i < dropped.length; i++) {
            if (!dropped[i]) {
                int slot = slot(features.get(i));
                double gradient = error + DECAY * weights[slot];
                squares[slot] += (float) (gradient * gradient);
                weights[slot] -= (float) (RATE * gradient / Math.sqrt(1 + squares[slot]));
            }
        }
    }
}
