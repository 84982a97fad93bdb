package io.migr.trainer.grpo;

import java.util.SplittableRandom;

/** Draws the tasks that a run is trained on. */
public interface TaskSampler {

    /** Draws a task; the result depends only on the random numbers. */
    Task draw(SplittableRandom random);
}
