package io.migr.trainer.judge;

import io.migr.model.Emotion;
import io.migr.model.Explanation;
import java.util.List;

/**
 * Reads an emotion out of an explanation alone: its blocks, never its answer. What asserts nothing reads as neutral.
 * Thread-safe.
 */
public interface Judge {

    /** As metrics name it. */
    String name();

    /** The one emotion that the explanation speaks for. */
    Emotion read(Explanation explanation);

    /** The most frequent of what a text asserts in spoken order, of equals the last; null where it asserts nothing. */
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
