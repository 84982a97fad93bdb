package io.migr.model;

import java.util.List;

/**
 * A cue that a model has words for and a head of it measures, so that it is said only where it is measured.
 *
 * @param head what measures it
 * @param index which of the head's outputs: the number of an action unit, or a prosodic dimension; -1 where all count
 * @param bound what the measure must reach, or must stay under where all count
 * @param sentences that say so, without full stop and without what may follow a comma
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
        EVEN
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
        if (head == Head.ACTION_UNIT) {
            return peaks != null && peaks[Heads.ACTION_UNITS.indexOf(index)] >= bound;
        }
        if (deviations == null) {
            return false;
        }
        return switch (head) {
            case RAISED -> deviations[index] >= bound;
            case LOWERED -> -deviations[index] >= bound;
            default -> {
                double most = 0;
                for (double deviation : deviations) {
                    most = Math.max(most, Math.abs(deviation));
                }
                yield most < bound;
            }
        };
    }
}
