package io.migr.trainer.sft;

/**
 * The clips a stage is trained and validated on.
 *
 * @param training clips to learn from
 * @param count number of training clips
 * @param validation clips of the validation split; null: no validation during training
 * @param validationCount number of validation clips
 */
public record StageExamples(ClipLibrary training, int count, ClipLibrary validation, int validationCount) {

    /**
     * How many validation clips to use: at most {@code most}, in whole batches.
     *
     * @throws IllegalArgumentException if there are fewer clips than a batch has
     */
    public int validationClips(int most, int batch) {
        int clips = Math.min(most, validationCount) / batch * batch;
        if (clips == 0) {
            throw new IllegalArgumentException("There are " + validationCount + " validation clips and a batch needs "
                    + batch + "; give at least that many.");
        }
        return clips;
    }
}
