package io.migr.lab.experiment;

import io.migr.corpus.ClipTruth;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.trainer.grpo.ClipTokens;
import io.migr.trainer.grpo.Task;
import io.migr.trainer.reward.Target;
import java.util.Arrays;

/** The clips of one split in an experiment: their truths, and their tokens through the experiment's perception. */
final class ExperimentClips {
    private final ClipTruth[] truths;
    private final int[] numbers;
    private final ClipTokens tokens;

    /** Creates a set of clips.
     *
     * @param numbers numbers of the clips in {@code tokens}
     */
    ExperimentClips(ClipTruth[] truths, int[] numbers, ClipTokens tokens) {
        this.truths = truths.clone();
        this.numbers = numbers.clone();
        this.tokens = tokens;
    }

    int size() {
        return truths.length;
    }

    ClipTruth truth(int clip) {
        return truths[clip];
    }

    /** Numbers in {@link #tokens} of the clips {@code from} (inclusive) to {@code to} (exclusive). */
    int[] numbers(int from, int to) {
        return Arrays.copyOfRange(numbers, from, to);
    }

    ClipTokens tokens() {
        return tokens;
    }

    /** The task to explain a clip. */
    Task task(int clip, Dominance first) {
        return Task.of(numbers[clip], Target.of(truths[clip], first, Emotion.DFEW));
    }
}
