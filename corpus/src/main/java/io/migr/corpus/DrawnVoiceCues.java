package io.migr.corpus;

import io.migr.model.Emotion;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The prosody of each emotion: eight deviations from the speaker's neutral, each normally distributed around the
 * emotion's mean with standard deviation {@link #SPREAD}, and at most one non-verbal event. Directions follow Murray
 * and Arnott 1993, Juslin and Laukka 2003 and Scherer 2003; the numbers are our own, exaggerated so that a voice
 * alone can determine the emotion.
 */
final class DrawnVoiceCues {
    static final double SPREAD = 0.55;

    /** The prosodic dimensions, in the order of every array over dimensions. */
    enum Dimension {
        PITCH,
        RANGE,
        RATE,
        LEVEL,
        BRIGHTNESS,
        ROUGHNESS,
        BREATH,
        PAUSES
    }

    /** A non-verbal sound; a clip has at most one. */
    enum Event {
        NONE,
        LAUGH,
        SOB,
        GASP,
        GROWL,
        SIGH,
        SCREAM
    }

    /** Deviations from neutral and non-verbal event of one clip. */
    record Voice(double[] deviations, Event event) {}

    private static final Map<Emotion, double[]> MEANS = new EnumMap<>(Map.of(
            Emotion.NEUTRAL, new double[] {0, 0, 0, 0, 0, -0.3, -0.3, 0},
            Emotion.HAPPY, new double[] {1.2, 1.6, 0.6, 1.0, 0.9, 0, 0, -0.4},
            Emotion.SAD, new double[] {-0.7, -1.2, -1.3, -1.5, -1.4, 0.7, 1.0, 1.5},
            Emotion.ANGRY, new double[] {0.9, 0.9, 0.9, 1.8, 1.7, 1.3, -0.8, -0.5},
            Emotion.FEAR, new double[] {1.9, 0, 1.4, 0.1, 0.8, 1.7, 0.9, 0.4},
            Emotion.SURPRISE, new double[] {1.5, 2.1, 0, 0.7, 0.4, 0, 0.5, 0.1},
            Emotion.DISGUST, new double[] {-0.8, 0.2, -1.4, -0.4, -0.2, 1.6, 0.4, 0.7}));

    private static final Map<Emotion, Map<Event, Double>> EVENTS = new EnumMap<>(Map.of(
            Emotion.NEUTRAL, Map.of(),
            Emotion.HAPPY, Map.of(Event.LAUGH, 0.40),
            Emotion.SAD, Map.of(Event.SOB, 0.35, Event.SIGH, 0.20),
            Emotion.ANGRY, Map.of(Event.GROWL, 0.30),
            Emotion.FEAR, Map.of(Event.GASP, 0.25, Event.SCREAM, 0.15),
            Emotion.SURPRISE, Map.of(Event.GASP, 0.40),
            Emotion.DISGUST, Map.of(Event.GROWL, 0.10, Event.SIGH, 0.10)));

    private static final double STRAY_EVENT = 0.01;
    private static final List<List<Emotion>> AMBIGUOUS = List.of(
            List.of(Emotion.HAPPY, Emotion.ANGRY, Emotion.FEAR, Emotion.SURPRISE),
            List.of(Emotion.SAD, Emotion.NEUTRAL, Emotion.DISGUST));

    private DrawnVoiceCues() {}

    static Voice draw(Emotion emotion, SplittableRandom random) {
        return new Voice(around(MEANS.get(emotion), random), drawEvent(emotion, random));
    }

    /** A voice that fits several emotions: loud, fast and high, or soft and slow. */
    static Voice drawAmbiguous(SplittableRandom random) {
        return new Voice(around(centre(AMBIGUOUS.get(random.nextInt(AMBIGUOUS.size()))), random), Event.NONE);
    }

    private static double[] around(double[] means, SplittableRandom random) {
        double[] deviations = new double[means.length];
        for (int i = 0; i < means.length; i++) {
            deviations[i] = means[i] + SPREAD * random.nextGaussian();
        }
        return deviations;
    }

    private static double[] centre(List<Emotion> emotions) {
        double[] centre = new double[Dimension.values().length];
        for (Emotion emotion : emotions) {
            for (int i = 0; i < centre.length; i++) {
                centre[i] += MEANS.get(emotion)[i] / emotions.size();
            }
        }
        return centre;
    }

    private static double probability(Emotion emotion, Event event) {
        double usual = EVENTS.get(emotion).getOrDefault(event, 0.0);
        int strays = Event.values().length - 1;
        if (event == Event.NONE) {
            double some = EVENTS.get(emotion).values().stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
            return 1 - some - strays * STRAY_EVENT;
        }
        return usual + STRAY_EVENT;
    }

    private static Event drawEvent(Emotion emotion, SplittableRandom random) {
        double draw = random.nextDouble();
        for (Event event : Event.values()) {
            draw -= probability(emotion, event);
            if (draw < 0) {
                return event;
            }
        }
        return Event.NONE;
    }

    /** log p(voice | emotion), up to a constant that is the same for all emotions. */
    static double logLikelihood(Voice voice, Emotion emotion) {
        return logDensity(voice.deviations(), MEANS.get(emotion)) + Math.log(probability(emotion, voice.event()));
    }

    /** log P(deviation with this sign and of at least {@link Cue#MARKED} | emotion). */
    static double logMarked(Dimension dimension, int sign, Emotion emotion) {
        return Math.log(tail((Cue.MARKED - sign * MEANS.get(emotion)[dimension.ordinal()]) / SPREAD));
    }

    /** log P(no deviation of {@link Cue#MARKED} or more and no event | emotion). */
    static double logUnmarked(Emotion emotion) {
        double sum = logLikelihood(Event.NONE, emotion);
        for (double mean : MEANS.get(emotion)) {
            sum += Math.log(1 - tail((Cue.MARKED - mean) / SPREAD) - tail((Cue.MARKED + mean) / SPREAD));
        }
        return sum;
    }

    /** P(z >= from) of a standard normal, by Simpson's rule over twelve standard deviations. */
    static double tail(double from) {
        int steps = 2_000;
        double width = 12.0 / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double z = from + i * width;
            int weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.exp(-0.5 * z * z);
        }
        return sum * width / 3 / Math.sqrt(2 * Math.PI);
    }

    /** log p(event | emotion). */
    static double logLikelihood(Event event, Emotion emotion) {
        return Math.log(probability(emotion, event));
    }

    static double logLikelihoodAmbiguous(Voice voice) {
        if (voice.event() != Event.NONE) {
            return Double.NEGATIVE_INFINITY;
        }
        double mixture = 0;
        for (List<Emotion> group : AMBIGUOUS) {
            mixture += Math.exp(logDensity(voice.deviations(), centre(group))) / AMBIGUOUS.size();
        }
        return Math.log(mixture);
    }

    private static double logDensity(double[] deviations, double[] means) {
        double sum = 0;
        for (int i = 0; i < means.length; i++) {
            double z = (deviations[i] - means[i]) / SPREAD;
            sum -= 0.5 * z * z;
        }
        return sum;
    }
}
