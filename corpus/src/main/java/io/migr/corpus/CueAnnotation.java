package io.migr.corpus;

import io.migr.corpus.DrawnVoiceCues.Voice;
import io.migr.corpus.people.PeopleClip;
import io.migr.corpus.people.PeoplePosterior;
import io.migr.model.CueReading;
import io.migr.model.Dominance;
import io.migr.model.Emotion;

/** An annotation that also lists what the face shows and how the voice sounds: enough to write an explanation from. */
public sealed interface CueAnnotation extends ClipAnnotation
        permits ClipTruth, CueAnnotation.Measured, CueAnnotation.Reported {
    /** Measured units with at least this intensity count as visible, as in the analysis results. */
    double SHOWN = 0.2;

    /** Identifies the clip. */
    long seed();

    /** Which of {@link DrawnFaceCues#UNITS} are visible; null: no face in the picture. */
    boolean[] units();

    /** Intensity of each unit, 0..1, and 0 if the unit is not visible; null exactly if {@link #units} is null. */
    double[] intensities();

    /** How the voice sounds; null: nobody speaks. */
    Voice voice();

    /** The dominant modality: the true one of a generated clip, the measured one of a recording. */
    Dominance leads();

    /** Whether a face can be used. */
    default boolean hasFace() {
        return units() != null;
    }

    /** Whether somebody is heard. */
    default boolean hasVoice() {
        return voice() != null;
    }

    /** The voice's deviations from the speaker's own neutral, one per prosodic dimension; null: nobody speaks. */
    default double[] voiceDeviations() {
        return voice() == null ? null : voice().deviations().clone();
    }

    /** The index of the kind of non-verbal sound; 0: none. */
    default int soundKind() {
        return voice() == null ? 0 : voice().event().ordinal();
    }

    /**
     * What a model measured in a recording that people labelled.
     *
     * @param seed identifies the clip; nothing is generated from it
     * @param label the emotion that an annotator chose
     * @param units which of {@link DrawnFaceCues#UNITS} are visible; null: no face
     * @param intensities per unit 0..1, 0 if it is not visible; null: no face
     * @param voice null: nobody speaks
     * @param leads the modality that counted most for the label
     */
    record Measured(long seed, Emotion label, boolean[] units, double[] intensities, Voice voice, Dominance leads)
            implements CueAnnotation {
        @Override
        public Source source() {
            return Source.MEASURED;
        }
    }

    /**
     * What perception measured in a clip of a person, in place of units and prosody. Of a clip in cue space as of a
     * recording that people labelled.
     *
     * @param seed identifies the clip
     * @param label the emotion that annotators chose
     * @param reading what was measured
     * @param concludes the emotion that an explanation should conclude: of a clip in cue space the best guess from what was
     *     measured, because nobody can write more; of a recording the label
     * @param faceSays the same emotion if the face alone favours it; null: it does not
     * @param voiceSays the same emotion if the voice alone favours it; null: it does not
     * @param leads the modality that counts most for that emotion
     * @param posterior p(label | what was measured) of a clip in cue space; null: only the label is known
     */
    record Reported(
            long seed,
            Emotion label,
            CueReading reading,
            Emotion concludes,
            Emotion faceSays,
            Emotion voiceSays,
            Dominance leads,
            PeoplePosterior posterior)
            implements CueAnnotation {

        /** Annotates a clip in cue space. */
        public static Reported of(PeopleClip clip) {
            PeoplePosterior posterior = clip.posterior();
            CueReading reading = clip.cues().reading();
            Emotion best = PeoplePosterior.best(posterior.both());
            boolean face = reading.hasFace() && PeoplePosterior.best(posterior.face()) == best;
            boolean voice = reading.hasVoice() && PeoplePosterior.best(posterior.voice()) == best;
            return new Reported(
                    clip.seed(),
                    clip.label(),
                    reading,
                    best,
                    face ? best : null,
                    voice ? best : null,
                    posterior.leads(best),
                    posterior);
        }

        /**
         * The same clip in cue space with what a model favours by the face, the voice and both as the conclusion.
         *
         * @throws IllegalStateException if only the label is known
         */
        public Reported concluding(Emotion byFace, Emotion byVoice, Emotion byBoth) {
            if (posterior == null) {
                throw new IllegalStateException("Clip " + seed + " has a label, and an explanation concludes that.");
            }
            Emotion best = hasFace() && hasVoice()
                    ? byBoth
                    : hasFace() ? byFace : hasVoice() ? byVoice : PeoplePosterior.best(posterior.none());
            return new Reported(
                    seed,
                    label,
                    reading,
                    best,
                    hasFace() && byFace == best ? best : null,
                    hasVoice() && byVoice == best ? best : null,
                    posterior.leads(best),
                    posterior);
        }

        @Override
        public Source source() {
            return Source.MEASURED;
        }

        @Override
        public boolean[] units() {
            return null;
        }

        @Override
        public double[] intensities() {
            return null;
        }

        @Override
        public Voice voice() {
            return null;
        }

        @Override
        public boolean hasFace() {
            return reading.hasFace();
        }

        @Override
        public boolean hasVoice() {
            return reading.hasVoice();
        }
    }

    /**
     * Annotates a recording with what was measured in it.
     *
     * @param seed identifies the clip; nothing is generated from it
     * @param label the emotion that an annotator chose
     * @param intensities of {@link DrawnFaceCues#UNITS}, 0..1; a unit with at least {@value #SHOWN} counts as visible;
     *     null: no face
     * @param deviations from neutral, one per prosodic dimension, in standard deviations; null: nobody speaks
     * @param soundKind the kind of non-verbal sound, 0 for none
     * @param leads the modality that counted most for the label
     * @throws IllegalArgumentException if there is neither a face nor a voice, or the wrong number of measurements
     */
    static Measured measured(
            long seed, Emotion label, double[] intensities, double[] deviations, int soundKind, Dominance leads) {
        if (intensities == null && deviations == null) {
            throw new IllegalArgumentException("A clip without a face and without a voice shows no emotion.");
        }
        if (intensities != null && intensities.length != DrawnFaceCues.UNITS.length
                || deviations != null && deviations.length != DrawnVoiceCues.Dimension.values().length) {
            throw new IllegalArgumentException("A face has " + DrawnFaceCues.UNITS.length + " units and a voice "
                    + DrawnVoiceCues.Dimension.values().length + " dimensions; given "
                    + (intensities == null ? 0 : intensities.length) + " and "
                    + (deviations == null ? 0 : deviations.length) + ".");
        }
        boolean[] units = intensities == null ? null : new boolean[intensities.length];
        double[] shown = intensities == null ? null : new double[intensities.length];
        for (int i = 0; units != null && i < units.length; i++) {
            units[i] = intensities[i] >= SHOWN;
            shown[i] = units[i] ? intensities[i] : 0;
        }
        Voice voice =
                deviations == null ? null : new Voice(deviations.clone(), DrawnVoiceCues.Event.values()[soundKind]);
        return new Measured(seed, label, units, shown, voice, leads);
    }
}
