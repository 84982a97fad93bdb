package io.migr.trainer.reward;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import java.util.List;

/**
 * What a completion is held to.
 *
 * @param label the clip's label
 * @param dominant the modality that must come first; balanced: either may
 * @param labels the label set
 * @param visualShare the face's share of importance, 0..1; NaN: only {@code dominant} is known
 */
public record Target(Emotion label, Dominance dominant, List<Emotion> labels, double visualShare) {
    public Target {
        labels = List.copyOf(labels);
        if (visualShare < 0 || visualShare > 1) {
            throw new IllegalArgumentException("A share of importance is in 0..1, not " + visualShare + ".");
        }
    }

    /** Without a share of importance. */
    public Target(Emotion label, Dominance dominant, List<Emotion> labels) {
        this(label, dominant, labels, Double.NaN);
    }

    /** A modality's share of importance, 0..1; where none is known 1 for the dominant one, 1/2 each on balanced clips. */
    double share(Modality modality) {
        double visual = !Double.isNaN(visualShare)
                ? visualShare
                : switch (dominant) {
                    case VISUAL -> 1;
                    case AUDIO -> 0;
                    case BALANCED -> 0.5;
                };
        return modality == Modality.VISUAL ? visual : 1 - visual;
    }
}
