package io.migr.trainer.grpo;

import io.migr.model.Dominance;
import io.migr.model.Modality;
import io.migr.trainer.reward.Completion;
import io.migr.trainer.reward.Reward;
import io.migr.trainer.reward.Target;
import java.util.function.ToDoubleBiFunction;

/** Minimal rewards for tests. */
final class ToyRewards {
    private ToyRewards() {}

    private record Named(String name, Credit credit, ToDoubleBiFunction<Target, Completion> worth) implements Reward {
        @Override
        public double of(Target target, Completion completion) {
            return worth.applyAsDouble(target, completion);
        }
    }

    static Reward named(String name, Reward.Credit credit) {
        return new Named(name, credit, (target, completion) -> 0);
    }

    static Reward of(String name, ToDoubleBiFunction<Target, Completion> worth) {
        return new Named(name, Reward.Credit.SEQUENCE, worth);
    }

    /** 1 when the first block is that of the dominant modality. */
    static Reward order() {
        return new Named("order", Reward.Credit.ORDER_TOKEN, (target, completion) -> completion
                .explanation()
                .map(text -> (text.first() == Modality.VISUAL) == (target.dominant() == Dominance.VISUAL) ? 1.0 : 0.0)
                .orElse(0.0));
    }

    /** 1 when the answer is the label. */
    static Reward answer() {
        return of("answer", (target, completion) -> completion
                .explanation()
                .map(text -> text.answer() == target.label() ? 1.0 : 0.0)
                .orElse(0.0));
    }
}
