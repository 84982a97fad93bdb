package io.migr.trainer.round;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.migr.corpus.Split;
import io.migr.engine.ProcessorFeatures;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.ConfigurationException;
import io.migr.runtime.config.Key;
import io.migr.trainer.feedback.LabelledClip;
import java.util.ArrayList;
import java.util.List;

/**
 * How a round makes its candidate: everything that determines the candidate except the examples. It is stored with the
 * version, so that the round can be repeated.
 *
 * @param parent version of the model that training starts from and that the candidate is compared with
 * @param parentSha256 SHA-256 of the parent's artifact
 * @param seed seed of fine-tuning and reward optimisation
 * @param window largest number of labelled clips to train on
 * @param heldOut largest number of held-out labelled clips to evaluate on
 * @param rehearsalClips number of corpus clips to train on too, so that the model does not forget them
 * @param rehearsalPercent their share of the training clips, percent
 * @param steps steps of fine-tuning
 * @param learningRate the highest learning rate of fine-tuning
 * @param rewardSteps steps of reward optimisation
 * @param rewardLearningRate the learning rate of reward optimisation
 * @param parentPercent the parent's share in the candidate's weights, percent; the rest are the trained weights. Mixing
 *     preserves the parent's abilities (WiSE-FT, Wortsman et al. 2022, arXiv 2109.01903)
 * @param validationClips corpus clips for calibration, and as many others for evaluation
 * @param threads number of compute threads; sums are rounded differently with another number
 * @param bfloat whether matrices are multiplied in bfloat16, which is 2 to 3 times faster if the processor supports it
 * @param labels what may be done with how many labels; null, as in recipes of earlier versions: {@link Labels#ANY}
 */
public record RoundRecipe(
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
        boolean bfloat,
        @JsonInclude(JsonInclude.Include.NON_NULL) Labels labels) {
    /**
     * What a round may do with how many labels.
     *
     * @param fewest with fewer, nothing is learned
     * @param heads with fewer, only the few numbers of {@link io.migr.trainer.feedback.EvidenceWeights} are fitted
     * @param heldOutOneIn one labelled clip in this many is held out
     * @param fewestHeldOut with fewer held-out clips, which could not show that fine-tuning helps, the few numbers are
     *     fitted too, whatever the number of labels
     */
    public record Labels(int fewest, int heads, int heldOutOneIn, int fewestHeldOut) {
        /** Any number of labels fine-tunes the whole model, and a tenth is held out: models of pictures and sound. */
        static final Labels ANY = new Labels(1, 1, LabelledClip.HELD_OUT, 0);

        /** Models of cues. The promotion gate looks at no set of fewer than 20 clips. */
        static final Labels CUES = new Labels(20, 100, 5, 20);
    }

    private static final int MOST_PERCENT = 95;
    private static final int FEWEST_VALIDATION = 20;

    /**
     * The recipe that a configuration gives for a parent.
     *
     * @param readsCues whether the parent reads cues
     * @throws ConfigurationException if settings are invalid; the message lists them
     */
    public static RoundRecipe of(Configuration configuration, String parent, String parentSha256, boolean readsCues) {
        check(configuration);
        return new RoundRecipe(
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
                ProcessorFeatures.hasBfloat(),
                readsCues ? Labels.CUES : null);
    }

    /** What this round may do with how many labels. */
    Labels labelRule() {
        return labels == null ? Labels.ANY : labels;
    }

    /** Whether so many labels are too few to learn from. */
    boolean tooFew(ExampleCounts counts) {
        return counts.training() == 0 || counts.labels() < labelRule().fewest();
    }

    /** Whether only the few numbers are fitted. */
    boolean fitsFewNumbers(ExampleCounts counts) {
        // a smaller largest number of held-out clips is the choice of whoever configured it
        int decisive = Math.min(labelRule().fewestHeldOut(), heldOut);
        return counts.labels() < labelRule().heads() || counts.heldOut() < decisive;
    }

    /**
     * Checks the settings of rounds.
     *
     * @throws ConfigurationException if settings are invalid; the message lists them
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
