package io.migr.trainer.reward;

import io.migr.model.verify.Synonyms;

/**
 * Whether the answer is the label:
 *
 * <pre>
 * r = 1[fold(text of &lt;answer&gt;) = y*]
 * </pre>
 *
 * 0 or 1. The answer is read from the text even if the text is malformed; a text with no answer or several gets 0.
 * Source: the accuracy reward of R1-Omni and ERV, with {@link Synonyms}.
 */
public final class AnswerReward implements Reward {

    @Override
    public String name() {
        return "answer";
    }

    @Override
    public double of(Target target, Completion completion) {
        return TaggedText.content(completion.text(), "answer")
                .flatMap(word -> Synonyms.fold(word, target.labels()))
                .filter(answer -> answer == target.label())
                .map(answer -> 1.0)
                .orElse(0.0);
    }
}
