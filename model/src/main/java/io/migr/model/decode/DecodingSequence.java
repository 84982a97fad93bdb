package io.migr.model.decode;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The state of one sequence during decoding. */
final class DecodingSequence {
    private final TokenConstraint constraint;
    private final SplittableRandom random;
    private final int[] tokens;
    private int count;
    private int fed;
    private boolean done;
    private boolean stopped;

    /** A sequence of at most {@code limit} tokens. */
    DecodingSequence(TokenConstraint constraint, SplittableRandom random, int limit) {
        this.constraint = constraint;
        this.random = random;
        tokens = new int[limit];
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
        sampling.penalise(own, tokens, count);
        append(sampling.pick(own, constraint.allowed(), random), endToken);
    }

    /** Appends the tokens that follow without a choice; they are what {@link #pick} would pick. */
    void force(Sampling sampling, int endToken) {
        while (!done) {
            int[] allowed = constraint.allowed();
            if (allowed == null || allowed.length != 1) {
                return;
            }
            sampling.skip(random);
            append(allowed[0], endToken);
        }
    }

    private void append(int token, int endToken) {
        if (token == endToken) {
            done = true;
            stopped = true;
            return;
        }
        constraint.accept(token);
        tokens[count++] = token;
        done = count == tokens.length;
    }

    /** The tokens that were not taken yet, at least one unless the sequence is finished. */
    int[] take() {
        int[] next = Arrays.copyOfRange(tokens, fed, count);
        fed = count;
        return next;
    }

    Generated result() {
        return new Generated(Arrays.copyOf(tokens, count), stopped);
    }
}
