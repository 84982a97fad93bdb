package io.migr.cli;

import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.trainer.judge.Consistency;
import io.migr.trainer.judge.Verifier;
import io.migr.trainer.reward.CachedVerifier;
import io.migr.worker.ExplanationVerifier;

/** The reward's verifier as the worker's: what training pays for and what results are marked by is read alike. */
final class WorkerVerifier implements ExplanationVerifier {
    /** Explanations repeat their sentences: nearly all of a day's are among so many. */
    private static final int REMEMBERED = 4096;

    private final Verifier verifier;
    private final Consistency consistency;

    WorkerVerifier(Verifier verifier) {
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
