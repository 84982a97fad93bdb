package io.migr.trainer.round;

import io.migr.schemas.TrainingStage;
import java.util.Map;

/** Receives the progress of a round. It may throw {@link RoundStoppedException} to stop the round. */
public interface RoundProgress {

    /**
     * Reports progress.
     *
     * @param done how many of the stage's {@code total} steps or clips are done
     * @param total 0 if it is unknown
     * @param numbers losses, rewards and counts by name
     * @param text a message for people; may be empty
     */
    void report(TrainingStage stage, int done, int total, Map<String, Double> numbers, String text);
}
