package io.migr.trainer.round;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;
import java.util.TreeMap;


/**
 * What became of the examples of a round.
 *
 * @param clips different clips in the ranges
 * @param foreignLabels clips whose last label the model has no word for
 * @param unreadable records that are no examples, and chosen clips that cannot be decoded
 * @param training clips that are learned from
 * @param nothingShown chosen clips in which neither a face nor a voice is found
 * @param heldOut clips that are judged by
 */
record ExampleCounts(int clips, int foreignLabels, int unreadable, int training, int nothingShown, int heldOut) {

    /** As versions and progress have them. */
    @JsonIgnore
    Map<String, Double> numbers() {
        return new TreeMap<>(Map.of(
                "examples.clips", (double) clips,
                "examples.refused.label", (double) foreignLabels,
                "examples.refused.unreadable", (double) unreadable,
                "examples.refused.nothing.shown", (double) nothingShown,
                "examples.training", (double) training,
                "examples.held.out", (double) heldOut));
    }

    @Override
    public String toString() {
        return training + " clips to learn from and " + heldOut + " held out, of " + clips + "; refused "
                + foreignLabels
                + " for a label that the model has no word for, " + unreadable + " unreadable, " + nothingShown
                + " with neither face nor voice";
    }
}
