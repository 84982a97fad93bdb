package io.migr.trainer.experiment;

import io.migr.model.ReasoningStep;
import io.migr.trainer.measure.Outcome;
import io.migr.trainer.reward.SentenceVerifier;
import io.migr.trainer.reward.SubstanceReward;
import io.migr.trainer.reward.SupportReward;
import io.migr.trainer.reward.Target;
import java.util.Collection;
import java.util.List;

/**
 * What an arm's explanations do that MIGR's rewards neither ask for nor punish, before practice and after: a policy that
 * pleases its rewards by another way than the meant one shows here.
 *
 * @param from the arm that it started from
 * @param seeds that both have
 */
public record Audit(String arm, String from, List<Long> seeds, Shares before, Shares after) {
    /**
     * Shares 0..1 over all seeds; NaN: there is none. Of malformed explanations nothing is counted.
     *
     * @param repeats of explanations: a sentence, or the cue that it claims, stands twice
     * @param unsupported of blocks of face or voice that are there: their own cues do not speak for an emotion that they assert
     * @param denied of modalities that are there: the text says that they are not
     * @param invented of modalities that are not there: the text says something of them
     */
    public record Shares(double repeats, double unsupported, double denied, double invented) {}

    /** Counts. */
    static Shares of(Collection<List<Outcome>> seeds, SentenceVerifier verifier) {
        Count count = new Count(new SupportReward(verifier));
        seeds.forEach(outcomes -> outcomes.forEach(count::add));
        return count.shares();
    }

    private static final class Count {
        private final SupportReward support;
        private int explanations;
        private int repeats;
        private int there;
        private int unsupported;
        private int denied;
        private int missing;
        private int invented;

        Count(SupportReward support) {
            this.support = support;
        }

        void add(Outcome outcome) {
            Target target = OutcomeRewards.target(outcome);
            OutcomeRewards.completion(outcome).explanation().ifPresent(explanation -> {
                explanations++;
                repeats += SubstanceReward.repeats(explanation.steps()) > 0 ? 1 : 0;
                for (ReasoningStep step : explanation.steps()) {
                    if (step.block().isDescription()) {
                        add(step, target.present().contains(step.block().modality()));
                    }
                }
            });
        }

        private void add(ReasoningStep block, boolean present) {
            boolean denies = SupportReward.denies(block);
            if (present) {
                there++;
                denied += denies ? 1 : 0;
                unsupported += support.bare(block) > 0 ? 1 : 0;
            } else {
                missing++;
                invented += denies ? 0 : 1;
            }
        }

        Shares shares() {
            return new Shares(
                    share(repeats, explanations),
                    share(unsupported, there),
                    share(denied, there),
                    share(invented, missing));
        }

        private static double share(int part, int all) {
            return all == 0 ? Double.NaN : part / (double) all;
        }
    }
}
