package io.migr.trainer.reward;

import io.migr.corpus.CueAnnotation;
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
 * @param dominant the modality that must come first; if balanced or neither, either may
 * @param labels the label set of the model
 * @param present the modalities present in the clip: a visible face, a person speaking
 */
public record Target(Emotion label, Dominance dominant, List<Emotion> labels, Set<Modality> present) {
    public Target {
        labels = List.copyOf(labels);
        present = Set.copyOf(present);
    }

    /** The target of a clip with a face and a voice. */
    public Target(Emotion label, Dominance dominant, List<Emotion> labels) {
        this(label, dominant, labels, EnumSet.allOf(Modality.class));
    }

    /** The target of an annotated clip; {@code first} is taken as the dominant modality. */
    public static Target of(CueAnnotation clip, Dominance first, List<Emotion> labels) {
        Set<Modality> present = EnumSet.noneOf(Modality.class);
        if (clip.hasFace()) {
            present.add(Modality.VISUAL);
        }
        if (clip.hasVoice()) {
            present.add(Modality.AUDIO);
        }
        return new Target(clip.label(), first, labels, present);
    }

    /** A modality's weight in the reward: 1 for the dominant one, 0 for the other, 1/2 each where none is dominant. */
    double share(Modality modality) {
        double visual =
                switch (dominant) {
                    case VISUAL -> 1;
                    case AUDIO -> 0;
                    case BALANCED, NEITHER -> 0.5;
                };
        return modality == Modality.VISUAL ? visual : 1 - visual;
    }
}
