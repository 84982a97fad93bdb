package io.migr.model.explain;

import io.migr.model.network.Heads;
import java.util.Arrays;
import java.util.List;


/**
 * Something that a model has words for and that is measured, so that it is said only where it is measured.
 *
 * @param head what measures it
 * @param index which of the head's outputs: the number of an action unit, or a prosodic dimension; -1 for all others
 * @param bound what the measure must reach, or must stay under where all dimensions count; 0 where there is none
 * @param sentences that say so, without full stop and without what may follow a comma, or how they begin; what begins as one
 *     of a model's listed sentences goes on as one of them
 */
public record MeasuredCue(Head head, int index, double bound, List<String> sentences) {

    /** What measures. */
    public enum Head {
        /** The peak intensity of an action unit over the pictures, 0..1. */
        ACTION_UNIT,
        /** How far a prosodic dimension is above the speaker's neutral, in deviations. */
        RAISED,
        /** How far it is below. */
        LOWERED,
        /** The largest distance of any prosodic dimension from neutral, which must stay under the bound. */
        EVEN,
        /** A face is seen: what else is said of faces. */
        FACE,
        NO_FACE,
        /** Somebody speaks: what else is said of voices. */
        VOICE,
        NO_VOICE
    }

    public MeasuredCue {
        sentences = List.copyOf(sentences);
    }

    /**
     * Whether it is measured.
     *
     * @param peaks of {@link Heads#ACTION_UNITS}; null: no face is seen
     * @param deviations of the prosodic dimensions; null: nobody speaks
     */
    boolean holds(double[] peaks, double[] deviations) {
        return switch (head) {
            case ACTION_UNIT -> peaks != null && peaks[Heads.ACTION_UNITS.indexOf(index)] >= bound;
            case RAISED -> deviations != null && deviations[index] >= bound;
            case LOWERED -> deviations != null && -deviations[index] >= bound;
            case EVEN ->
                deviations != null && Arrays.stream(deviations).allMatch(deviation -> Math.abs(deviation) < bound);
            case FACE -> peaks != null;
            case NO_FACE -> peaks == null;
            case VOICE -> deviations != null;
            case NO_VOICE -> deviations == null;
        };
    }
}
