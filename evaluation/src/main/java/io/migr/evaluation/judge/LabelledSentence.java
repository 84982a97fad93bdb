package io.migr.evaluation.judge;

import io.migr.model.Emotion;
import java.util.Set;

/**
 * A sentence and the emotions that it asserts.
 *
 * @param emotions empty if the sentence only describes, doubts or denies
 */
record LabelledSentence(String text, Set<Emotion> emotions) {
    LabelledSentence {
        emotions = Set.copyOf(emotions);
    }
}
