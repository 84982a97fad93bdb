package io.migr.trainer.round;

import io.migr.corpus.Split;
import io.migr.engine.Processor;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.ConfigurationException;
import io.migr.runtime.config.Key;
import java.util.ArrayList;
import java.util.List;


/**
 * How a round makes its candidate: everything that decides it but the examples. It is kept with the version, so that the
 * same can be done again.
 *
 * @param parent version of the model that training starts from and that the candidate is compared with
 * @param parentSha256 its artifact
 * @param window most labelled clips to learn from
 * @param heldOut most held-out labelled clips to be judged by
 * @param rehearsalClips clips of the corpus to rehearse
 * @param rehearsalPercent their share of what is learned from
 * @param steps of fine-tuning
 * @param learningRate the highest of fine-tuning
 * @param rewardSteps steps of reward optimisation
 * @param parentPercent the parent's share in the candidate's weights, the rest is what was trained: it keeps what the parent
 *     can do (WiSE-FT, Wortsman et al. 2022, arXiv 2109.01903)
 * @param validationClips clips of the corpus to be calibrated by, and as many others to be judged by
 * @param threads that compute: sums depend on it
 * @param bfloat matrices are multiplied in bfloat16, 2 to 3 times faster where the processor has it
 */
public record Recipe(
        String parent,
        String parentSha256,
        long seed,
        int window,
        int heldOut,
        int rehearsalClips,
        int rehearsalPercent,
        int steps,
        double learningRate,
        int rewardSteps,
        double rewardLearningRate,
        int parentPercent,
        int validationClips,
        int threads,
        boolean bfloat) {
    private static final int MOST_PERCENT = 95;
    private static final int FEWEST_VALIDATION = 20;

    /**
     * The recipe of a configuration for a parent.
     *
     * @throws ConfigurationException lists what does not go together
     */
    public static Recipe of(Configuration configuration, String parent, String parentSha256) {
        check(configuration);
        return new Recipe(
                parent,
                parentSha256,
                configuration.number(Key.TRAINER_SEED),
                configuration.number(Key.TRAINER_WINDOW),
                configuration.number(Key.TRAINER_HELD_OUT),
                configuration.number(Key.TRAINER_REHEARSAL_CLIPS),
                configuration.number(Key.TRAINER_REHEARSAL_PERCENT),
                configuration.number(Key.TRAINER_STEPS),
                configuration.decimal(Key.TRAINER_LEARNING_RATE),
                configuration.number(Key.TRAINER_REWARD_STEPS),
                configuration.decimal(Key.TRAINER_REWARD_LEARNING_RATE),
                configuration.number(Key.TRAINER_PARENT_PERCENT),
                configuration.number(Key.TRAINER_VALIDATION_CLIPS),
                configuration.number(Key.TRAINER_THREADS),
                Processor.hasBfloat());
    }

    /**
     * Refuses settings of rounds that cannot be.
     *
     * @throws ConfigurationException lists them
     */
    static void check(Configuration configuration) {
        List<String> problems = new ArrayList<>();
        between(configuration, Key.TRAINER_REHEARSAL_PERCENT, 0, MOST_PERCENT, problems);
        between(configuration, Key.TRAINER_PARENT_PERCENT, 0, MOST_PERCENT, problems);
        between(configuration, Key.TRAINER_REHEARSAL_CLIPS, 1, Split.SFT.size(), problems);
        between(configuration, Key.TRAINER_VALIDATION_CLIPS, FEWEST_VALIDATION, Split.VALIDATION.size() / 2, problems);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private static void between(Configuration configuration, Key key, int least, int most, List<String> problems) {
        int value = configuration.number(key);
        if (value < least || value > most) {
            problems.add(key.property() + " must be from " + least + " to " + most + ", not " + value);
        }
    }
}
