package io.migr.worker;

import io.migr.model.Emotion;
import io.migr.model.Explanation;

/**
 * Reads which emotion an explanation's own text says, whatever it answers. Opened, used and closed on the inference
 * thread, as the model is: it is never closed while it reads.
 */
public interface ExplanationVerifier extends AutoCloseable {

    /**
     * The emotion that the text concludes.
     *
     * @return null when it concludes none
     */
    Emotion says(Explanation explanation);

    @Override
    void close();
}
