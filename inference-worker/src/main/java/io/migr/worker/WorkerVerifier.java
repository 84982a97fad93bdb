package io.migr.worker;

import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.verify.CachedVerifier;
import io.migr.model.verify.ExplanationConsistency;
import io.migr.model.verify.Verifier;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import java.io.IOException;
import java.nio.file.Path;

/** Uses the verifier that rewards use, so that training and serving read explanations in the same way. */
public final class WorkerVerifier implements ExplanationVerifier {
    /** Enough for nearly all distinct sentences of a day, because explanations repeat sentences. */
    private static final int CACHED_SENTENCES = 4096;

    private final Verifier verifier;
    private final ExplanationConsistency consistency;

    /**
     * Opens the configured verifier, or the shipped one.
     *
     * @throws IOException if a file of the configured folder is missing or does not fit; the message says which
     */
    public static WorkerVerifier open(Configuration configuration) throws IOException {
        String folder = configuration.text(Key.VERIFIER_FOLDER);
        return new WorkerVerifier(folder.isEmpty() ? Verifier.shipped() : Verifier.load(Path.of(folder)));
    }

    private WorkerVerifier(Verifier verifier) {
        this.verifier = verifier;
        consistency = new ExplanationConsistency(new CachedVerifier(verifier, CACHED_SENTENCES));
    }

    @Override
    public Emotion says(Explanation explanation) {
        return consistency.says(explanation);
    }

    @Override
    public void close() {
        verifier.close();
    }
}
