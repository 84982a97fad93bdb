package io.migr.trainer.reward;

import io.migr.corpus.ClipTruth;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a completion is compared with.
 *
 * @param label the clip's label
 * @param dominant the modality that must come first; balanced: either may
 * @param labels the label set
 * @param visualShare the face's share of importance, 0..1; NaN: only {@code dominant} is known
 * @param present the modalities that the clip has: a face in the picture, somebody who speaks
 */
public record Target(
        Emotion label, Dominance dominant, List<Emotion> labels, double visualShare, Set<Modality> present) {
    public Target {
        labels = List.copyOf(labels);
        present = Set.copyOf(present);
        if (visualShare < 0 || visualShare > 1) {
            throw new IllegalArgumentException("A share of importance is in 0..1, not " + visualShare + ".");
        }
    }

    /** Of a clip with a face and a voice, without a share of importance. */
    public Target(Emotion label, Dominance dominant, List<Emotion> labels) {
        this(label, dominant, labels, Double.NaN, EnumSet.allOf(Modality.class));
    }

    /** Of a clip whose truth is known or measured; {@code first} is held to be the dominant modality. */
    public static Target of(ClipTruth truth, Dominance first, List<Emotion> labels) {
        Set<Modality> present = EnumSet.noneOf(Modality.class);
        if (truth.units() != null) {
            present.add(Modality.VISUAL);
        }
        if (truth.voice() != null) {
            present.add(Modality.AUDIO);
        }
        return new Target(truth.label(), first, labels, Double.NaN, present);
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
