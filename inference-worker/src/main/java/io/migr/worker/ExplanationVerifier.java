package io.migr.worker;

import io.migr.model.Emotion;
import io.migr.model.Explanation;

/**
 * Reads which emotion the text of an explanation concludes, regardless of its answer. Like the model, it is opened,
 * used and closed on the inference thread, so it is never closed while it reads.
 */
public interface ExplanationVerifier extends AutoCloseable {

    /**
     * The emotion that the text concludes.
     *
     * @return null if it concludes none
     */
    Emotion says(Explanation explanation);

    @Override
    void close();
}
