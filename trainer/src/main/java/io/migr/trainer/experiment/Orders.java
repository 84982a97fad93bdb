package io.migr.trainer.experiment;

import ai.djl.ndarray.NDManager;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.Rationale;
import io.migr.model.Dominance;
import io.migr.model.EmotionModel;
import io.migr.model.Heads;
import io.migr.model.ModalityImportance.Estimator;
import io.migr.trainer.grpo.ClipTokens;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Which modality leads in a clip under each order of a plan. ESTIMATED is modality importance as training has it: the
 * four v(S) of the clip's label, read by the base model's evidence heads from the same noisy tokens that decoders see.
 */
final class Orders {
    private static final int BATCH = 32;

    private final Map<Long, Dominance> estimated = new HashMap<>();

    Orders(EmotionModel base, Material clips) throws IOException {
        estimate(base, clips.sft());
        estimate(base, clips.rl());
        estimate(base, clips.validation());
        estimate(base, clips.test());
    }

    private void estimate(EmotionModel base, Clips clips) throws IOException {
        Heads heads = base.heads();
        float[] prior = heads.prior().toFloatArray();
        double temperature = base.config().temperature();
        try (NDManager root = NDManager.newBaseManager(ai.djl.Device.cpu())) {
            for (int from = 0; from < clips.size(); from += BATCH) {
                int[] numbers = clips.numbers(from, Math.min(clips.size(), from + BATCH));
                try (NDManager scope = root.newSubManager()) {
                    ClipTokens.Tokens tokens = clips.tokens().of(scope, base.network(), numbers);
                    float[] seen = heads.visual(scope, tokens.video()).toFloatArray();
                    float[] heard = heads.audio(scope, tokens.audio()).toFloatArray();
                    float[] both =
                            heads.both(scope, tokens.video(), tokens.audio()).toFloatArray();
                    for (int i = 0; i < numbers.length; i++) {
                        ClipTruth truth = clips.truth(from + i);
                        int y = base.config().labels().indexOf(truth.label());
                        estimated.put(
                                truth.seed(),
                                base.config()
                                        .importance()
                                        .decide(
                                                logProbability(prior, 0, y, 1),
                                                logProbability(seen, i, y, temperature),
                                                logProbability(heard, i, y, temperature),
                                                logProbability(both, i, y, temperature),
                                                truth.units() != null,
                                                truth.voice() != null,
                                                Estimator.EVIDENCE_HEADS,
                                                false)
                                        .dominant());
                    }
                }
            }
        }
    }

    private static float logProbability(float[] logits, int row, int y, double temperature) {
        int labels = io.migr.model.Emotion.DFEW.size();
        double highest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < labels; k++) {
            highest = Math.max(highest, logits[row * labels + k] / temperature);
        }
        double sum = 0;
        for (int k = 0; k < labels; k++) {
            sum += Math.exp(logits[row * labels + k] / temperature - highest);
        }
        return (float) (logits[row * labels + y] / temperature - highest - Math.log(sum));
    }

    /** Which modality must come first; balanced: either. */
    Dominance first(Plan.Order order, ClipTruth truth) {
        return order == Plan.Order.ESTIMATED
                ? estimated.get(truth.seed())
                : Rationale.Order.valueOf(order.name()).leads(truth);
    }

    /** The order that a text about the clip is to be written in. */
    Rationale.Order text(Plan.Order order, ClipTruth truth) {
        if (order != Plan.Order.ESTIMATED) {
            return Rationale.Order.valueOf(order.name());
        }
        return switch (estimated.get(truth.seed())) {
            case VISUAL -> Rationale.Order.VISUAL_FIRST;
            case AUDIO -> Rationale.Order.AUDIO_FIRST;
            case BALANCED -> Rationale.Order.RANDOM;
        };
    }
}
