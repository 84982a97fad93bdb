package io.migr.trainer.grpo;

import java.io.IOException;


/** Measures a policy on clips that it does not practise on; the best one is kept. */
public interface Validation {

    /** The policy's score, higher is better; the same for the same policy, or a resumed run differs. */
    double score(Policy policy) throws IOException;
}
