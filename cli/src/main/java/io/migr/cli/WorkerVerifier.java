package io.migr.cli;

import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.runtime.Configuration;
import io.migr.runtime.Key;
import io.migr.trainer.judge.Consistency;
import io.migr.trainer.judge.Verifier;
import io.migr.trainer.reward.CachedVerifier;
import io.migr.worker.ExplanationVerifier;
import java.io.IOException;
import java.nio.file.Path;

/** The reward's verifier as the worker's: what training pays for and what results are marked by is read alike. */
public final class WorkerVerifier implements ExplanationVerifier {
    /** Explanations repeat their sentences: nearly all of a day's are among so many. */
    private static final int REMEMBERED = 4096;

    private final Verifier verifier;
    private final Consistency consistency;

    /**
     * The one of a configuration.
     *
     * @throws IOException says what is missing or does not fit in the configured folder
     */
    public static WorkerVerifier open(Configuration configuration) throws IOException {
        String folder = configuration.text(Key.VERIFIER_FOLDER);
        return new WorkerVerifier(folder.isEmpty() ? Verifier.shipped() : Verifier.load(Path.of(folder)));
    }

    private WorkerVerifier(Verifier verifier) {
        this.verifier = verifier;
        consistency = new Consistency(new CachedVerifier(verifier, REMEMBERED));
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
