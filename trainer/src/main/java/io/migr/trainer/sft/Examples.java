package io.migr.trainer.sft;


/**
 * What stages learn from and are measured on.
 *
 * @param training clips to learn from
 * @param count how many of them
 * @param validation clips of the validation split; null: nothing is measured on the way
 * @param validationCount how many of them
 */
public record Examples(ClipLibrary training, int count, ClipLibrary validation, int validationCount) {

    /** Up to {@code most} validation clips, in whole batches. */
    public int validationClips(int most, int batch) {
        int clips = Math.min(most, validationCount) / batch * batch;
        if (clips == 0) {
            throw new IllegalArgumentException("There are " + validationCount + " validation clips and a batch needs "
                    + batch + "; give at least that many.");
        }
        return clips;
    }
}
