package io.migr.model.explain;

import io.migr.model.CueReading;
import io.migr.model.network.Heads;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Something a model has sentences for and a head measures, so that it is claimed only where it was measured.
 *
 * @param head what measures it
 * @param claim id of the {@link io.migr.model.cues.Claim} for {@link Head#CLAIM}; null for all others
 * @param index output of the head: the number of an action unit, or the index of a prosodic dimension; -1 for all
 *     others
 * @param bound what the measurement must reach, or stay below for {@link Head#EVEN}; 0: none
 * @param sentences the sentences that claim it, or their beginnings, without the full stop and without what may follow
 *     a comma; a sentence that begins like one of a model's listed sentences continues as one of them
 */
public record MeasuredCue(Head head, String claim, int index, double bound, List<String> sentences) {

    /** What is measured. */
    public enum Head {
        /** The peak intensity of an action unit over the pictures, 0..1. */
        ACTION_UNIT,
        /** How far a prosodic dimension is above the speaker's neutral, in standard deviations. */
        RAISED,
        /** How far a prosodic dimension is below the speaker's neutral, in standard deviations. */
        LOWERED,
        /** The largest distance of any prosodic dimension from neutral, which must stay under the bound. */
        EVEN,
        /** A face is visible; for all other sentences about faces. */
        FACE,
        NO_FACE,
        /** Somebody speaks; for all other sentences about voices. */
        VOICE,
        NO_VOICE,
        /** What perception measured before the model ran. */
        CLAIM
    }

    /**
     * The measurements of one clip.
     *
     * @param peaks peak intensities of {@link Heads#ACTION_UNITS}; null: no face is visible
     * @param deviations of the prosodic dimensions; null: nobody speaks
     * @param claims ids of what perception measured
     */
    public record Measures(double[] peaks, double[] deviations, Set<String> claims) {
        public Measures {
            claims = Set.copyOf(claims);
        }

        /** What perception measured; of units and prosody only whether there are any. */
        public static Measures of(CueReading reading) {
            return new Measures(
                    reading.hasFace() ? new double[Heads.ACTION_UNITS.size()] : null,
                    reading.hasVoice() ? new double[Heads.PROSODY_DIMENSIONS] : null,
                    reading.claims().keySet());
        }

        /** Measurements of heads. */
        public Measures(double[] peaks, double[] deviations) {
            this(peaks, deviations, Set.of());
        }
    }

    public MeasuredCue {
        sentences = List.copyOf(sentences);
    }

    /** A cue that a head of the model measures. */
    public MeasuredCue(Head head, int index, double bound, List<String> sentences) {
        this(head, null, index, bound, sentences);
    }

    /** A cue that perception measures. */
    public static MeasuredCue of(String claim, List<String> sentences) {
        return new MeasuredCue(Head.CLAIM, claim, -1, 0, sentences);
    }

    /** Whether the measurements support the cue. */
    boolean holds(Measures measures) {
        double[] peaks = measures.peaks();
        double[] deviations = measures.deviations();
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
            case CLAIM -> measures.claims().contains(claim);
        };
    }
}
