package io.migr.trainer.round;

import io.migr.schemas.TrainingStage;
import java.util.Map;


/** Hears how far a round is. It may throw {@link RoundStoppedException} to stop the round there. */
public interface RoundProgress {

    /**
     * A step forward.
     *
     * @param done of {@code total} steps or clips of the stage
     * @param numbers losses, rewards, counts
     * @param text in words, may be empty
     */
    void tell(TrainingStage stage, int done, int total, Map<String, Double> numbers, String text);
}
