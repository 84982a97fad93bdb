package io.migr.lab.experiment;

import ai.djl.ndarray.NDManager;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.GenerativeModel;
import io.migr.corpus.Split;
import io.migr.corpus.text.Rationale;
import io.migr.model.Dominance;
import io.migr.model.ModalityImportance;
import io.migr.model.ModalityImportance.Estimator;
import io.migr.model.analysis.Evidence;
import io.migr.model.analysis.EvidenceReader;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.importance.ImportanceRule;
import io.migr.trainer.grpo.ClipTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Which modality leads in a clip under each order of a plan. ESTIMATED is modality importance as in training: the four
 * v(S) of the clip's label, computed by the base model's evidence heads from the same noisy tokens that decoders see.
 */
final class BlockOrders {
    private static final int BATCH = 32;

    /** What an order is chosen from, for an upper bound of order accuracy. */
    enum Knowledge {
        /** The true cues; no order chosen without the label can be right more often. */
        TRUE_CUES,
        /** The evidence that decoders see, but not the label. */
        EVIDENCE,
        /** The evidence and the label, as for modality importance in training. */
        EVIDENCE_AND_LABEL
    }

    /**
     * The leading modality of a clip by the evidence heads. {@code forced} and {@code forcedBlind} are never balanced;
     * {@code forcedBlind} does not use the label.
     */
    private record Estimate(Dominance dominant, Dominance forced, Dominance forcedBlind) {}

    private final Map<Long, Estimate> estimated = new HashMap<>();
    private final Map<Long, Dominance> shuffled = new HashMap<>();
    private final EmotionModel base;
    private final Function<Split, ExperimentClips> clips;
    private final GenerativeModel generator = new GenerativeModel();

    /** Creates the orders of a plan's clips.
     *
     * @param clips gives the plan's clips of a split
     */
    BlockOrders(EmotionModel base, Function<Split, ExperimentClips> clips) {
        this.base = base;
        this.clips = clips;
    }

    /** The estimate of a clip; computes those of its whole split when the first one is needed. */
    private Estimate estimate(ClipTruth truth) {
        if (!estimated.containsKey(truth.seed())) {
            try {
                estimate(clips.apply(Split.of(truth.seed())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return estimated.get(truth.seed());
    }

    private void estimate(ExperimentClips clips) throws IOException {
        ImportanceRule rule = base.config().importance();
        try (NDManager root = NDManager.newBaseManager(base.network().device())) {
            for (int from = 0; from < clips.size(); from += BATCH) {
                int[] numbers = clips.numbers(from, Math.min(clips.size(), from + BATCH));
                boolean[] faces = new boolean[numbers.length];
                boolean[] voices = new boolean[numbers.length];
                for (int i = 0; i < numbers.length; i++) {
                    faces[i] = clips.truth(from + i).units() != null;
                    voices[i] = clips.truth(from + i).voice() != null;
                }
                try (NDManager scope = root.newSubManager()) {
                    ClipTokens.Tokens tokens = clips.tokens().of(scope, base.network(), numbers);
                    List<Evidence> evidence = EvidenceReader.read(
                            base,
                            scope,
                            tokens.video(),
                            tokens.audio(),
                            faces,
                            voices,
                            base.config().temperature());
                    for (int i = 0; i < numbers.length; i++) {
                        ClipTruth truth = clips.truth(from + i);
                        Evidence one = evidence.get(i);
                        int y = base.config().labels().indexOf(truth.label());
                        ModalityImportance known = one.importance(rule, y, Estimator.EVIDENCE_HEADS, false);
                        ModalityImportance unknown =
                                one.importance(rule, one.favoured(), Estimator.EVIDENCE_HEADS, true);
                        estimated.put(truth.seed(), new Estimate(known.dominant(), forced(known), forced(unknown)));
                    }
                }
            }
        }
    }

    private static Dominance forced(ModalityImportance importance) {
        return importance.visualShare() >= 0.5 ? Dominance.VISUAL : Dominance.AUDIO;
    }

    /**
     * Share of clips, among those with a leading modality, whose order is right when it is chosen with this knowledge,
     * 0..1.
     */
    double ceiling(ExperimentClips clips, Knowledge knowledge) {
        int counted = 0;
        int correct = 0;
        for (int clip = 0; clip < clips.size(); clip++) {
            ClipTruth truth = clips.truth(clip);
            if (truth.oracle().modality() != null) {
                Estimate estimate = estimate(truth);
                Dominance chosen =
                        switch (knowledge) {
                            case TRUE_CUES -> generator.leads(truth);
                            case EVIDENCE -> estimate.forcedBlind();
                            case EVIDENCE_AND_LABEL -> estimate.forced();
                        };
                counted++;
                correct += chosen == truth.oracle() ? 1 : 0;
            }
        }
        return counted == 0 ? Double.NaN : correct / (double) counted;
    }

    /**
     * The leading modality of the clip's neighbour. Neighbours swap theirs, so that a clip's placebo is fixed and the
     * plan's clips keep their shares of orders; with an odd number of clips, the last one takes the first one's.
     */
    private Dominance shuffled(ClipTruth truth) {
        if (!shuffled.containsKey(truth.seed())) {
            ExperimentClips all = clips.apply(Split.of(truth.seed()));
            for (int clip = 0; clip < all.size(); clip++) {
                int neighbour = (clip ^ 1) < all.size() ? clip ^ 1 : 0;
                shuffled.put(all.truth(clip).seed(), all.truth(neighbour).oracle());
            }
        }
        return shuffled.get(truth.seed());
    }

    /** Which modality must come first in a text about the clip; BALANCED and NEITHER allow either. */
    Dominance first(Plan.Order order, ClipTruth truth) {
        return switch (order) {
            case ESTIMATED -> estimate(truth).dominant();
            case SHUFFLED -> shuffled(truth);
            default -> Rationale.Order.valueOf(order.name()).leads(truth);
        };
    }

    /** The order in which a text about the clip must be written. */
    Rationale.Order text(Plan.Order order, ClipTruth truth) {
        return switch (first(order, truth)) {
            case VISUAL -> Rationale.Order.VISUAL_FIRST;
            case AUDIO -> Rationale.Order.AUDIO_FIRST;
            case BALANCED, NEITHER -> Rationale.Order.RANDOM;
        };
    }
}
