package io.migr.lab.experiment;

import io.migr.evaluation.measure.Outcome;
import io.migr.model.ReasoningStep;
import io.migr.model.verify.SentenceVerifier;
import io.migr.trainer.reward.SubstanceReward;
import io.migr.trainer.reward.SupportReward;
import io.migr.trainer.reward.Target;
import java.util.Collection;
import java.util.List;

/**
 * How often an arm's explanations show faults that MIGR's rewards neither ask for nor penalise, before and after
 * practice (GRPO). An increase is a sign of reward hacking.
 *
 * @param from the arm that it started from
 * @param seeds seeds that both arms were run with
 */
public record HabitAudit(String arm, String from, List<Long> seeds, Shares before, Shares after) {
    /**
     * Shares 0..1 over all seeds; NaN if there is nothing to count. Malformed explanations are skipped.
     *
     * @param repeats share of explanations in which a sentence, or the cue that it claims, occurs twice
     * @param unsupported share of blocks about a present face or voice whose own cues do not support an emotion that
     *     they assert
     * @param denied share of present modalities that the text says are absent
     * @param invented share of absent modalities that the text describes
     */
    public record Shares(double repeats, double unsupported, double denied, double invented) {}

    /** Counts the faults over the outcomes of all seeds. */
    static Shares of(Collection<List<Outcome>> seeds, SentenceVerifier verifier) {
        Count count = new Count(new SupportReward(verifier));
        seeds.forEach(outcomes -> outcomes.forEach(count::add));
        return count.shares();
    }

    private static final class Count {
        private final SupportReward support;
        private int explanations;
        private int repeats;
        private int presentBlocks;
        private int unsupported;
        private int denied;
        private int absentBlocks;
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
                presentBlocks++;
                denied += denies ? 1 : 0;
                unsupported += support.bare(block) > 0 ? 1 : 0;
            } else {
                absentBlocks++;
                invented += denies ? 0 : 1;
            }
        }

        Shares shares() {
            return new Shares(
                    share(repeats, explanations),
                    share(unsupported, presentBlocks),
                    share(denied, presentBlocks),
                    share(invented, absentBlocks));
        }

        private static double share(int part, int all) {
            return all == 0 ? Double.NaN : part / (double) all;
        }
    }
}
