package io.migr.trainer.judge;

import io.migr.model.Emotion;
import java.util.Set;

/**
 * A sentence and what it asserts.
 *
 * @param emotions empty: it describes, doubts or denies
 */
record LabelledSentence(String text, Set<Emotion> emotions) {
    LabelledSentence {
        emotions = Set.copyOf(emotions);
    }
}
