package io.migr.trainer.reward;

import io.migr.model.verify.SentenceVerifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The sets of rewards that experiment arms are trained with. The total reward is their unweighted sum. */
public enum Rewards {
    /** As R1-Omni: answer and format only. */
    A1(verifier -> List.of()),
    /** As ERV: with the think-step reward. */
    A2(verifier -> List.of(new ThinkStepReward(verifier))),
    /** With the grounded reward only: the part of MIGR's gain that does not depend on order. */
    A2_GND(verifier -> List.of(new GroundedReward(verifier))),
    /** As MIGR: with the order and the grounded reward. */
    MIGR(verifier -> List.of(new OrderReward(), new GroundedReward(verifier))),
    /** MIGR without the order reward. */
    MIGR_MINUS_ORDER(verifier -> List.of(new GroundedReward(verifier))),
    /** MIGR without the grounded reward. */
    MIGR_MINUS_GROUNDED(verifier -> List.of(new OrderReward())),
    /** MIGR's rewards plus penalties for assertions that a block's cues do not support and for saying little. */
    MIGR_SUPPORTED(verifier -> List.of(
            new OrderReward(), new GroundedReward(verifier), new SupportReward(verifier), new SubstanceReward()));

    private final Function<SentenceVerifier, List<Reward>> beyond;

    Rewards(Function<SentenceVerifier, List<Reward>> beyond) {
        this.beyond = beyond;
    }

    /** The name used in files and commands, e.g. {@code migr-minus-order}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The set with a name.
     *
     * @throws IllegalArgumentException if there is no such set; the message lists the known names
     */
    public static Rewards of(String label) {
        return Arrays.stream(values())
                .filter(set -> set.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No set of rewards is called " + label
                        + "; there are "
                        + Arrays.stream(values()).map(Rewards::label).collect(Collectors.joining(", ")) + "."));
    }

    /** The rewards, answer and format first. */
    public List<Reward> with(SentenceVerifier verifier) {
        List<Reward> rewards = new ArrayList<>(List.of(new AnswerReward(), new FormatReward()));
        rewards.addAll(beyond.apply(verifier));
        return List.copyOf(rewards);
    }
}
