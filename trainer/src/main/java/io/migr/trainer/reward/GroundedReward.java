package io.migr.trainer.reward;

import io.migr.model.Block;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import io.migr.model.ReasoningStep;
import io.migr.model.verify.SentenceSplitter;
import io.migr.model.verify.SentenceVerifier;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * MIGR's Modality-Grounded Reasoning Reward: whether the sentences of each block assert the label.
 *
 * <pre>
 * rho(b)  = #{sentences whose set has y*} / #{sentences that assert an emotion}       y* not neutral
 * rho(b)  = #{sentences that assert none, or neutral} / #{sentences}                  y* neutral
 * rho0(b) = 1 - #{sentences that assert an emotion other than y*} / #{sentences}
 *
 * main:               r = 0.5 rho(dominant) + 0.25 rho(think) + 0.25 rho0(other)
 * mean of three:      r = (rho(face) + rho(voice) + rho(think)) / 3
 * dominant and think: r = (rho(dominant) + rho(think)) / 2
 * by importance:      r = 2/3 (share_v rho(face) + share_a rho(voice)) + 1/3 rho(think)
 * </pre>
 *
 * 0..1, and 0 for a malformed completion. On a clip without a dominant modality the first and third form are the mean of the values with
 * either modality as the dominant one, so that neither order pays more.
 *
 * <p>Descriptions and doubts assert nothing and are not counted in rho. For a modality block that contains nothing else
 * rho would be 0/0; it gets {@code silence} instead. With ERV's 0, blocks of weak evidence learned in a pilot to assert
 * any emotion at all; 1 would pay for never asserting. 1/2, the default, is Chow's rule for rejection (1970): asserting
 * pays if it is more often right than wrong, so justified doubt is not punished and unjustified doubt is not rewarded.
 * A weighing block that asserts nothing gets 0, because it must conclude. Asserting neutral if the label is another
 * emotion is a wrong assertion, not a doubt.
 *
 * <p>Source: the paper names the reward and its aim; rho is ERV's, applied per block; weights and forms are our own.
 */
public final class GroundedReward implements Reward {

    /** How blocks are weighted; the class comment has the equations. */
    public enum Form {
        MAIN,
        MEAN_OF_THREE,
        DOMINANT_AND_THINK,
        BY_IMPORTANCE
    }

    private static final double DEFAULT_SILENCE = 0.5;

    private final SentenceVerifier verifier;
    private final Form form;
    private final double silence;

    /** The main form; a modality block that asserts nothing gets one half. */
    public GroundedReward(SentenceVerifier verifier) {
        this(verifier, Form.MAIN, DEFAULT_SILENCE);
    }

    /**
     * A variant of the reward.
     *
     * @param silence the value of a modality block that asserts nothing, 0..1
     */
    public GroundedReward(SentenceVerifier verifier, Form form, double silence) {
        if (!(silence >= 0 && silence <= 1)) {
            throw new IllegalArgumentException("The value of a silent block must be in 0..1, not " + silence + ".");
        }
        this.verifier = verifier;
        this.form = form;
        this.silence = silence;
    }

    @Override
    public String name() {
        return "grounded";
    }

    @Override
    public double of(Target target, Completion completion) {
        return completion
                .explanation()
                .map(explanation -> new Reading(target, explanation.steps()).value())
                .orElse(0.0);
    }

    /** The emotion sets of an explanation's sentences, block by block. */
    private final class Reading {
        private final Target target;
        private final Map<Block, List<Set<Emotion>>> blocks = new EnumMap<>(Block.class);

        Reading(Target target, List<ReasoningStep> steps) {
            this.target = target;
            List<String> all = new ArrayList<>();
            List<Integer> ends = new ArrayList<>();
            for (ReasoningStep step : steps) {
                all.addAll(SentenceSplitter.of(step.text()));
                ends.add(all.size());
            }
            List<Set<Emotion>> sets = verifier.emotions(all);
            for (int i = 0; i < steps.size(); i++) {
                blocks.put(steps.get(i).block(), sets.subList(i == 0 ? 0 : ends.get(i - 1), ends.get(i)));
            }
        }

        double value() {
            double face = rho(Block.VISUAL);
            double voice = rho(Block.AUDIO);
            double think = rho(Block.WEIGHING);
            return switch (form) {
                case MAIN ->
                    0.25 * think
                            + byDominance(
                                    0.5 * face + 0.25 * rho0(Block.AUDIO), 0.5 * voice + 0.25 * rho0(Block.VISUAL));
                case MEAN_OF_THREE -> (face + voice + think) / 3;
                case DOMINANT_AND_THINK -> 0.5 * think + byDominance(0.5 * face, 0.5 * voice);
                case BY_IMPORTANCE ->
                    (2 * (target.share(Modality.VISUAL) * face + target.share(Modality.AUDIO) * voice) + think) / 3;
            };
        }

        /** The value with the dominant modality; the mean of both on a clip without one. */
        private double byDominance(double byFace, double byVoice) {
            return target.dominant() == Dominance.VISUAL
                    ? byFace
                    : target.dominant() == Dominance.AUDIO ? byVoice : (byFace + byVoice) / 2;
        }

        /** The share of a block's asserting sentences that assert the label; see the class comment. */
        private double rho(Block block) {
            List<Set<Emotion>> sets = blocks.get(block);
            double whenEmpty = block == Block.WEIGHING ? 0 : silence;
            if (target.label() == Emotion.NEUTRAL) {
                long neutral = sets.stream()
                        .filter(set -> set.isEmpty() || set.contains(Emotion.NEUTRAL))
                        .count();
                return sets.isEmpty() ? whenEmpty : neutral / (double) sets.size();
            }
            long asserting = sets.stream().filter(set -> !set.isEmpty()).count();
            long agreeing =
                    sets.stream().filter(set -> set.contains(target.label())).count();
            return asserting == 0 ? whenEmpty : agreeing / (double) asserting;
        }

        /** The share of a block's sentences that assert no other emotion than the label. */
        private double rho0(Block block) {
            List<Set<Emotion>> sets = blocks.get(block);
            long other = sets.stream()
                    .filter(set -> set.stream().anyMatch(emotion -> emotion != target.label()))
                    .count();
            return sets.isEmpty() ? 1 : 1 - other / (double) sets.size();
        }
    }
}
