package io.migr.trainer.grpo;

import java.io.IOException;

/** Scores a policy on clips it is not trained on, to select the policy that is kept. */
public interface PolicyValidation {

    /** The policy's score; higher is better. Must be deterministic, otherwise a resumed run differs. */
    double score(Policy policy) throws IOException;
}
