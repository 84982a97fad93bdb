package io.migr.model.decode;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The state of one sequence during decoding. */
final class DecodingSequence {
    private final TokenConstraint constraint;
    private final SplittableRandom random;
    private final int[] tokens;
    private final float[] logProbs;
    private int count;
    private boolean done;
    private boolean stopped;

    /** A sequence of at most {@code limit} tokens. */
    DecodingSequence(TokenConstraint constraint, SplittableRandom random, int limit) {
        this.constraint = constraint;
        this.random = random;
        tokens = new int[limit];
        logProbs = new float[limit];
    }

    boolean done() {
        return done;
    }

    /** The last token; {@code none} if there is none yet. */
    int last(int none) {
        return count == 0 ? none : tokens[count - 1];
    }

    /** Picks the next token from row {@code at} of the logits; does nothing if the sequence is finished. */
    void pick(float[] logits, int at, int vocabulary, Sampling sampling, int endToken) {
        if (done) {
            return;
        }
        float[] own = Arrays.copyOfRange(logits, at * vocabulary, (at + 1) * vocabulary);
        double normaliser = logSumExp(own);
        float[] plain = own.clone();
        sampling.penalise(own, tokens, count);
        int token = sampling.pick(own, constraint.allowed(), random);
        if (token == endToken) {
            done = true;
            stopped = true;
            return;
        }
        constraint.accept(token);
        logProbs[count] = (float) (plain[token] - normaliser);
        tokens[count++] = token;
        done = count == tokens.length;
    }

    Generated result() {
        return new Generated(Arrays.copyOf(tokens, count), Arrays.copyOf(logProbs, count), stopped);
    }

    private static double logSumExp(float[] logits) {
        double highest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            highest = Math.max(highest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - highest);
        }
        return highest + Math.log(sum);
    }
}
