package io.migr.corpus.people;

import io.migr.model.cues.ClipCues;
import io.migr.perception.voice.ArousalCue;
import io.migr.perception.voice.VoiceBaseline;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceMeasure;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How a label is heard: arousal moves the measures of a voice against the person's usual, z = loading a + noise, a
 * normal with deviation 1 around the mean of lowered, usual or raised arousal; laughter and cries are heard or missed.
 * Valence moves nothing.
 *
 * @param validity share of the table of arousal that counts, 0..1
 * @param lowered mean of a of a lowered voice
 * @param raised mean of a of a raised voice
 */
record VoiceNoise(double validity, double lowered, double raised) {
    /** People as they are. */
    static final VoiceNoise PEOPLE = new VoiceNoise(
            PeopleNoise.number("arousalValidity", "people"),
            PeopleNoise.number("arousalShift", "lowered"),
            PeopleNoise.number("arousalShift", "raised"));
    /** For checks of a voice that decides, stronger than people's. */
    static final VoiceNoise PLANTED = new VoiceNoise(
            PeopleNoise.number("arousalValidity", "planted"),
            -PeopleNoise.number("arousalShift", "planted"),
            PeopleNoise.number("arousalShift", "planted"));

    /** What else is heard. */
    enum Noise {
        NONE,
        LAUGHTER,
        CRIES
    }

    /**
     * @param within spread of the usual over the clips of a person
     * @param between spread over people
     * @param error standard deviation of the error of a clip; 0: not known
     */
    record Mark(double loading, double mean, double within, double between, double error) {
        private static final double LARGEST = 1.4;
        private static final double LEAST = 0.15;

        /** Variance that arousal does not explain, in units of the deviation; differences have a variance of about 1. */
        double rest() {
            return Math.max(LEAST, 1 - LARGEST * loading * loading);
        }

        /** Variance of what is not known of the usual after n clips. */
        double uncertainty(boolean populationKnown, int clips) {
            double own = clips / (within * within);
            return 1 / (own + (populationKnown ? 1 / (between * between) : 0));
        }
    }

    static final Map<ArousalCue, Mark> MARKS = marks();

    private static final int STATES = 3;
    private static final double[][] AROUSAL = arousal();
    private static final double[][] NOISES = noises();
    private static final double[] EVENTS = {
        PeopleNoise.number("events", "speech"),
        PeopleNoise.number("events", "laughter"),
        PeopleNoise.number("events", "cries")
    };
    private static final double SILENT_EVENTS = PeopleNoise.number("events", "silence");
    private static final double LAUGH_HIT = PeopleNoise.number("laughter", "hit");
    private static final double LAUGH_FALSE = PeopleNoise.number("laughter", "false");

    private static Map<ArousalCue, Mark> marks() {
        Map<ArousalCue, Mark> marks = new EnumMap<>(ArousalCue.class);
        for (ArousalCue cue : ArousalCue.values()) {
            String name = cue.name();
            marks.put(
                    cue,
                    new Mark(
                            PeopleNoise.number("voiceMarks", name, "loading"),
                            PeopleNoise.number("voiceMarks", name, "mean"),
                            PeopleNoise.number("voiceMarks", name, "within"),
                            PeopleNoise.number("voiceMarks", name, "between"),
                            PeopleNoise.number("voiceMarks", name, "error")));
        }
        return marks;
    }

    private static double[][] arousal() {
        return PeopleNoise.LABELS.stream()
                .map(y -> PeopleNoise.numbers("arousal", y.word()))
                .toArray(double[][]::new);
    }

    private static double[][] noises() {
        return PeopleNoise.LABELS.stream()
                .map(y -> {
                    double laughs = PeopleNoise.number("sounds", "laughter", y.word());
                    double cries = PeopleNoise.number("sounds", "cries", y.word());
                    return new double[] {1 - laughs - cries, laughs, cries};
                })
                .toArray(double[][]::new);
    }

    /** p(lowered, usual, raised | label). */
    double[] states(int label) {
        double[] states = new double[STATES];
        for (int state = 0; state < STATES; state++) {
            double mean = 0;
            for (int y = 0; y < AROUSAL.length; y++) {
                mean += PeopleNoise.prior(y) * AROUSAL[y][state];
            }
            states[state] = validity * AROUSAL[label][state] + (1 - validity) * mean;
        }
        return states;
    }

    private double mean(int state) {
        return state == 0 ? lowered : state == 1 ? 0 : raised;
    }

    /** The arousal a of a label's voice. */
    double drawArousal(int label, SplittableRandom random) {
        return mean(Densities.index(states(label), random)) + random.nextGaussian();
    }

    static Noise drawNoise(int label, SplittableRandom random) {
        return Noise.values()[Densities.index(NOISES[label], random)];
    }

    private static double event(Noise noise, boolean speaks) {
        return noise == Noise.NONE && !speaks ? SILENT_EVENTS : EVENTS[noise.ordinal()];
    }

    static boolean drawEvent(Noise noise, boolean speaks, SplittableRandom random) {
        return random.nextDouble() < event(noise, speaks);
    }

    static boolean drawLaughter(Noise noise, SplittableRandom random) {
        return random.nextDouble() < (noise == Noise.LAUGHTER ? LAUGH_HIT : LAUGH_FALSE);
    }

    /**
     * log p(measured voice | label) for each of {@link PeopleNoise#LABELS}, up to a constant. 0 if nobody is heard; that
     * nothing is heard tells nothing.
     */
    double[] logLikelihood(ClipCues clip) {
        double[] logs = new double[PeopleNoise.LABELS.size()];
        VoiceCues voice = clip.voice();
        if (!clip.hasVoice()) {
            return logs;
        }
        double[] arousal = arousalDensities(voice, clip.usualVoice());
        for (int y = 0; y < logs.length; y++) {
            double[] states = states(y);
            double heard = 0;
            for (int state = 0; state < STATES; state++) {
                heard += states[state] * arousal[state];
            }
            logs[y] = Math.log(heard) + Math.log(noises(voice, y));
        }
        return logs;
    }

    private static double noises(VoiceCues voice, int label) {
        double sum = 0;
        for (Noise noise : Noise.values()) {
            double event = event(noise, !voice.getSpeech().isEmpty());
            double p = NOISES[label][noise.ordinal()] * (voice.getEvents().isEmpty() ? 1 - event : event);
            if (voice.getPossibleLaughter() != null) {
                double laughs = noise == Noise.LAUGHTER ? LAUGH_HIT : LAUGH_FALSE;
                p *= voice.getPossibleLaughter() ? laughs : 1 - laughs;
            }
            sum += p;
        }
        return sum;
    }

    /**
     * p(differences | lowered, usual, raised) up to a constant. With one common factor a, all that the differences say
     * is s = sum(l z / d) / k, k = sum(l^2 / d), which is normal around the mean of a with variance 1 + 1 / k.
     */
    private double[] arousalDensities(VoiceCues voice, VoiceBaseline usual) {
        double information = 0;
        double sum = 0;
        for (ArousalCue cue : ArousalCue.values()) {
            VoiceMeasure measure = cue.measure(voice);
            double own = usual == null || voice.getSpeech().isEmpty() ? Double.NaN : usual.usual(cue);
            if (measure == null || Double.isNaN(own)) {
                continue;
            }
            Mark mark = MARKS.get(cue);
            double deviation = cue.deviation() * cue.deviation();
            double error = measure.getError() == null ? 0 : measure.getError();
            double uncertain = mark.uncertainty(cue.hasPopulation(), usual.clips());
            double variance = mark.rest() + (error * error + uncertain) / deviation;
            information += mark.loading() * mark.loading() / variance;
            sum += mark.loading() * (measure.getValue() - own) / cue.deviation() / variance;
        }
        double[] densities = {1, 1, 1};
        for (int state = 0; information > 0 && state < STATES; state++) {
            densities[state] = Densities.normal(sum / information, mean(state), Math.sqrt(1 + 1 / information));
        }
        return densities;
    }
}
