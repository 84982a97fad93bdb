package io.migr.trainer.round;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many of a round's examples were used, held out or refused.
 *
 * @param clips different clips in the ranges
 * @param foreignLabels clips whose last label is not in the model's label set
 * @param notPermitted clips whose terms of consent do not permit training, or no longer
 * @param withoutMedia clips whose last example carries no media, although training reads it
 * @param unreadable records that are not readable examples, and chosen clips that cannot be decoded
 * @param training clips used for training
 * @param nothingShown chosen clips in which neither a face nor a voice was found
 * @param heldOut clips used for evaluation
 */
record ExampleCounts(
        int clips,
        int foreignLabels,
        int notPermitted,
        int withoutMedia,
        int unreadable,
        int training,
        int nothingShown,
        int heldOut) {

    /** Labelled clips that can be learned from or evaluated on. */
    int labels() {
        return training + heldOut;
    }

    /** The counts under the names used in versions and progress records. */
    @JsonIgnore
    Map<String, Double> numbers() {
        return new TreeMap<>(Map.of(
                "examples.clips", (double) clips,
                "examples.refused.label", (double) foreignLabels,
                "examples.refused.terms", (double) notPermitted,
                "examples.refused.media", (double) withoutMedia,
                "examples.refused.unreadable", (double) unreadable,
                "examples.refused.nothing.shown", (double) nothingShown,
                "examples.training", (double) training,
                "examples.held.out", (double) heldOut));
    }

    @Override
    public String toString() {
        return training + " clips for training and " + heldOut + " held out, of " + clips + "; refused: "
                + foreignLabels
                + " with a label that the model does not have, " + notPermitted
                + " whose terms of consent do not permit training, " + withoutMedia
                + " without media, which training reads (features.carry), " + unreadable + " unreadable, "
                + nothingShown
                + " with neither face nor voice";
    }
}
