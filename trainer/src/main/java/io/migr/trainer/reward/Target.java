package io.migr.trainer.reward;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import java.util.List;

/**
 * What a completion is held to.
 *
 * @param label the clip's label
 * @param dominant the modality that must come first; balanced: either may
 * @param labels the label set
 */
public record Target(Emotion label, Dominance dominant, List<Emotion> labels) {
    public Target {
        labels = List.copyOf(labels);
    }
}
