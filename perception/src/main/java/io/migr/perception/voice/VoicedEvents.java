package io.migr.perception.voice;

import io.migr.perception.statistics.Quantiles;
import io.migr.schemas.VoicedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Loud voiced sounds other than plain speech: stretches of at least 100 ms of voiced frames (gaps of 50 ms closed)
 * whose mean power is {@value #LOUD} dB over the noise floor and {@value #AUDIBLE} dB re full scale, whose fundamental
 * frequency moves, as that of a tone does not, but no faster than a voice can, that are not duller than a voice, and
 * that are mostly outside of detected speech or higher than speech stays.
 *
 * <p>Speech detection does not decide alone, because it hears 4 % of the frames of screams and 26 % of those of
 * laughter. What makes the sound is not known: music and animals are events too.
 */
final class VoicedEvents {
    private static final int GAP = 5;
    private static final int SHORTEST = 10;
    private static final double LOUD = 20;
    private static final double AUDIBLE = -45;
    /** Mean |change| of the fundamental frequency in 10 ms, semitones; a sung note has 0.05, speech 0.35. */
    private static final double MOVING = 0.02;
    /** No voice goes through an octave in less than about 150 ms (Xu and Sun 2002); the trill of a telephone does. */
    private static final double FASTEST = 0.8;
    /**
     * Mean alpha ratio, dB: two standard deviations (2.8 within and 3.4 between persons) under the usual -16 of speech,
     * and a loud voice is brighter. The notes of a bass and machines are below.
     */
    private static final double DULLEST = -25;
    /** Semitones above 100 Hz: 400 Hz. */
    private static final double HIGH = 24;

    private VoicedEvents() {}

    static List<VoicedEvent> of(VoiceFrames frames) {
        List<VoicedEvent> events = new ArrayList<>();
        for (Stretch stretch : Stretch.of(Stretch.smoothed(frames.voiced(), GAP, SHORTEST), true)) {
            VoicedEvent event = event(stretch, frames);
            double level = event.getLevelOverFloor() + frames.floor();
            boolean loud = event.getLevelOverFloor() >= LOUD && level >= AUDIBLE;
            boolean speech = event.getSpeechShare() >= 0.5 && event.getF0Median() < HIGH;
            if (loud && !speech && moves(stretch, frames) && alphaRatio(stretch, frames) >= DULLEST) {
                events.add(event);
            }
        }
        return events;
    }

    private static VoicedEvent event(Stretch stretch, VoiceFrames frames) {
        int[] all = IntStream.range(stretch.from(), stretch.to()).toArray();
        double[] f0 = IntStream.of(all)
                .filter(w -> frames.voiced()[w])
                .mapToDouble(frames::semitones)
                .toArray();
        return VoicedEvent.newBuilder()
                .setStartMs(stretch.startMs())
                .setEndMs(stretch.endMs())
                .setLevelOverFloor((float) (10 * Math.log10(frames.power(all) / frames.floorPower())))
                .setF0Median((float) new Quantiles(f0).median())
                .setSpeechShare(stretch.count(frames.speech()) / (float) stretch.frames())
                .build();
    }

    private static boolean moves(Stretch stretch, VoiceFrames frames) {
        double movement = IntStream.range(stretch.from() + 1, stretch.to())
                .filter(w -> frames.voiced()[w] && frames.voiced()[w - 1])
                .mapToDouble(w -> Math.abs(frames.semitones(w) - frames.semitones(w - 1)))
                .average()
                .orElse(0);
        return movement >= MOVING && movement <= FASTEST;
    }

    private static double alphaRatio(Stretch stretch, VoiceFrames frames) {
        return IntStream.range(stretch.from(), stretch.to())
                .mapToDouble(w -> frames.spectra().alpha()[w])
                .average()
                .orElseThrow();
    }
}
