package io.migr.trainer.reward;

import io.migr.model.Modality;

/**
 * MIGR's Modality-Aligned Order Reward:
 *
 * <pre>
 * hard: r = 1[first block = dominant modality], 1 for either order of a balanced clip
 * soft: r = share of importance of the first block's modality; without a share as hard
 * </pre>
 *
 * 0..1, and 0 for a malformed completion. Its advantage goes to the token that decides the order, or, as the name of
 * the paper's reward suggests and a pilot found harmful, to the whole sequence: there every other reward's noise moves
 * the first token and the order collapses.
 */
public final class OrderReward implements Reward {

    /** What it compares the first block with. */
    public enum Form {
        HARD,
        SOFT
    }

    private final Form form;
    private final Credit credit;

    /** Hard, credited to the deciding token. */
    public OrderReward() {
        this(Form.HARD, Credit.ORDER_TOKEN);
    }

    public OrderReward(Form form, Credit credit) {
        this.form = form;
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
                .map(explanation -> of(target, explanation.steps().get(0).modality()))
                .orElse(0.0);
    }

    private double of(Target target, Modality first) {
        boolean known = !Double.isNaN(target.visualShare());
        if (form == Form.SOFT && known) {
            return target.share(first);
        }
        Modality required = target.dominant().modality();
        return required == null || first == required ? 1 : 0;
    }

    @Override
    public Credit credit() {
        return credit;
    }
}
