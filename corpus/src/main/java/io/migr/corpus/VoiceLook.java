package io.migr.corpus;

import java.util.SplittableRandom;

/**
 * The fixed characteristics of one person's voice. High voices have short vocal tracts, so a listener can estimate the
 * neutral pitch from the timbre.
 *
 * @param pitchHz neutral median F0, 90..140 or 170..250 Hz
 * @param tract vocal-tract length relative to the formant table, 0.85..1.15; longer lowers all formants
 * @param syllables per second of neutral speech
 * @param levelDb neutral level, dB re full scale
 */
record VoiceLook(double pitchHz, double tract, double syllables, double levelDb) {

    static VoiceLook of(long voice) {
        SplittableRandom random = new SplittableRandom(voice * 0x2545F4914F6CDD1DL + 7);
        boolean low = random.nextBoolean();
        double place = random.nextDouble();
        double pitch = low ? 90 + 50 * place : 170 + 80 * place;
        double tract = (low ? 1.15 - 0.12 * place : 0.98 - 0.12 * place) + 0.01 * random.nextGaussian();
        return new VoiceLook(pitch, tract, 4.5 + random.nextDouble(), -26 + 2 * random.nextDouble());
    }
}
