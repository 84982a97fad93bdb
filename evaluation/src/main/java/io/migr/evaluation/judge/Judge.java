package io.migr.evaluation.judge;

import io.migr.model.Emotion;
import io.migr.model.Explanation;
import java.util.List;

/**
 * Reads an emotion from the blocks of an explanation, never from its answer. An explanation that asserts nothing reads
 * as neutral. Thread-safe.
 */
public interface Judge {

    /** The name used in metrics. */
    String name();

    /** The one emotion that the explanation supports. */
    Emotion read(Explanation explanation);

    /** The most frequent of the asserted emotions, given in text order; on a tie, the last. Null if there are none. */
    static Emotion mostFrequent(List<Emotion> asserted) {
        Emotion best = null;
        long most = 0;
        for (Emotion emotion : asserted) {
            long count = asserted.stream().filter(emotion::equals).count();
            if (count > most || (count == most && asserted.lastIndexOf(emotion) > asserted.lastIndexOf(best))) {
                best = emotion;
                most = count;
            }
        }
        return best;
    }
}
