package io.migr.trainer.grpo;

import java.util.SplittableRandom;


/** What a run practises on. */
public interface TaskSampler {

    /** Draws a task; the same for the same random numbers. */
    Task draw(SplittableRandom random);
}
