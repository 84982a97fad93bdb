package io.migr.trainer.reward;

import io.migr.model.Modality;

/**
 * MIGR's Modality-Aligned Order Reward:
 *
 * <pre>
 * r = 1[first block = dominant modality], 1 for either order of a clip without one
 * </pre>
 *
 * 0 or 1, and 0 for a malformed completion. By default its advantage goes to the token that decides the order. It may
 * also go to the whole sequence, as the name of the paper's reward suggests; in a pilot this was harmful, because the
 * noise of all other rewards then moves that token too, and the order collapses.
 */
public final class OrderReward implements Reward {
    private final Credit credit;

    /** Credited to the token that decides the order. */
    public OrderReward() {
        this(Credit.ORDER_TOKEN);
    }

    /** Credited to the given tokens. */
    public OrderReward(Credit credit) {
        this.credit = credit;
    }

    @Override
    public String name() {
        return "order";
    }

    @Override
    public double of(Target target, Completion completion) {
        return completion
                .explanation()
                .map(explanation -> of(target, explanation.first()))
                .orElse(0.0);
    }

    private static double of(Target target, Modality first) {
        Modality required = target.dominant().modality();
        return required == null || first == required ? 1 : 0;
    }

    @Override
    public Credit credit() {
        return credit;
    }
}
