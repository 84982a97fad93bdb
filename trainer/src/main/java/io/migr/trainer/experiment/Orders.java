package io.migr.trainer.experiment;

import ai.djl.ndarray.NDManager;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.GenerativeModel;
import io.migr.corpus.Rationale;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.EmotionModel;
import io.migr.model.Heads;
import io.migr.model.ModalityImportance;
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

    /** Who knows what, when a ceiling of order accuracy is asked for. */
    enum Knowing {
        /** The true cues: no order that is chosen without the label is right more often. */
        TRUE_CUES,
        /** The evidence that decoders see, the label not. */
        EVIDENCE,
        /** The evidence and the label, as MI in training. */
        EVIDENCE_AND_LABEL
    }

    /** What the evidence heads say of a clip, knowing its label or not; each time one modality leads. */
    private record Estimate(Dominance dominant, Dominance forced, Dominance forcedBlind) {}

    private final Map<Long, Estimate> estimated = new HashMap<>();
    private final GenerativeModel generator = new GenerativeModel();

    Orders(EmotionModel base, Material clips) throws IOException {
        estimate(base, clips.sft());
        estimate(base, clips.rl());
        estimate(base, clips.validation());
        estimate(base, clips.test());
    }

    private void estimate(EmotionModel base, Clips clips) throws IOException {
        Heads heads = base.heads();
        float[] prior = heads.prior().toFloatArray();
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
                        float[][] logits = {prior, seen, heard, both};
                        int y = base.config().labels().indexOf(truth.label());
                        int blind = best(truth.units() == null ? heard : truth.voice() == null ? seen : both, i);
                        ModalityImportance known = importance(base, logits, i, y, truth);
                        ModalityImportance unknown = importance(base, logits, i, blind, truth);
                        estimated.put(truth.seed(), new Estimate(known.dominant(), forced(known), forced(unknown)));
                    }
                }
            }
        }
    }

    private static ModalityImportance importance(
            EmotionModel base, float[][] logits, int clip, int y, ClipTruth truth) {
        double temperature = base.config().temperature();
        return base.config()
                .importance()
                .decide(
                        logProbability(logits[0], 0, y, 1),
                        logProbability(logits[1], clip, y, temperature),
                        logProbability(logits[2], clip, y, temperature),
                        logProbability(logits[3], clip, y, temperature),
                        truth.units() != null,
                        truth.voice() != null,
                        Estimator.EVIDENCE_HEADS,
                        false);
    }

    private static Dominance forced(ModalityImportance importance) {
        return importance.visualShare() >= 0.5 ? Dominance.VISUAL : Dominance.AUDIO;
    }

    private static int best(float[] logits, int row) {
        int labels = Emotion.DFEW.size();
        int best = 0;
        for (int k = 1; k < labels; k++) {
            best = logits[row * labels + k] > logits[row * labels + best] ? k : best;
        }
        return best;
    }

    /** How often an order is right that somebody chooses who knows this, on clips of which one modality leads. */
    double ceiling(Clips clips, Knowing knowing) {
        int asked = 0;
        int right = 0;
        for (int clip = 0; clip < clips.size(); clip++) {
            ClipTruth truth = clips.truth(clip);
            if (truth.oracle() != Dominance.BALANCED) {
                Estimate estimate = estimated.get(truth.seed());
                Dominance chosen =
                        switch (knowing) {
                            case TRUE_CUES -> generator.leads(truth);
                            case EVIDENCE -> estimate.forcedBlind();
                            case EVIDENCE_AND_LABEL -> estimate.forced();
                        };
                asked++;
                right += chosen == truth.oracle() ? 1 : 0;
            }
        }
        return asked == 0 ? Double.NaN : right / (double) asked;
    }

    private static float logProbability(float[] logits, int row, int y, double temperature) {
        int labels = Emotion.DFEW.size();
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
                ? estimated.get(truth.seed()).dominant()
                : Rationale.Order.valueOf(order.name()).leads(truth);
    }

    /** The order that a text about the clip is to be written in. */
    Rationale.Order text(Plan.Order order, ClipTruth truth) {
        if (order != Plan.Order.ESTIMATED) {
            return Rationale.Order.valueOf(order.name());
        }
        return switch (estimated.get(truth.seed()).dominant()) {
            case VISUAL -> Rationale.Order.VISUAL_FIRST;
            case AUDIO -> Rationale.Order.AUDIO_FIRST;
            case BALANCED -> Rationale.Order.RANDOM;
        };
    }
}
