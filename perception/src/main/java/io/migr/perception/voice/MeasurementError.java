package io.migr.perception.voice;

import io.migr.schemas.VoiceMeasure;

/**
 * How far a measure of one clip is off, by comparing clean recordings with the same ones through codecs, telephone
 * bands and noise (10 clips), and how much it varies between clips of one person (10 persons, 9 to 22 clips each). NaN:
 * not known.
 */
enum MeasurementError {
    F0_MEDIAN(0.3, 1.9, true),
    F0_PERCENTILE_95(Double.NaN, 2.2, true),
    F0_RANGE(1.5, 2.3, true),
    F0_SLOPE(Double.NaN, Double.NaN, true),
    LEVEL(1.0, 1.7, false),
    HNR(1.5, 1.7, false),
    CPP(1.0, 0.7, false),
    ALPHA_RATIO(1.5, 2.8, false),
    HAMMARBERG(Double.NaN, 3.3, false),
    FLUX(Double.NaN, Double.NaN, false),
    PAUSE_SHARE(0.05, Double.NaN, false);

    private static final double OCTAVE_ERRORS = 0.01;
    private static final double OCTAVE_ERRORS_IN_HUM = 0.038;

    /** Standard deviations, in the unit of the measure. */
    private final double error;

    private final double withinPerson;
    private final boolean pitch;

    MeasurementError(double error, double withinPerson, boolean pitch) {
        this.error = error;
        this.withinPerson = withinPerson;
        this.pitch = pitch;
    }

    /**
     * The measure with its error e, which grows by 1 / sqrt(seconds) below one second, and its reliability s^2 / (s^2 +
     * e^2), s between clips of one person, for a fundamental frequency times the chance of no octave error.
     *
     * @param seconds of sound that the value rests on, above 0
     * @param hum whether mains hum was found
     */
    VoiceMeasure measure(double value, double seconds, boolean hum) {
        double e = error / Math.sqrt(Math.min(1, seconds));
        double right = pitch ? 1 - (hum ? OCTAVE_ERRORS_IN_HUM : OCTAVE_ERRORS) : 1;
        double reliability = right * withinPerson * withinPerson / (withinPerson * withinPerson + e * e);
        return VoiceMeasure.newBuilder()
                .setValue((float) value)
                .setError(Double.isNaN(e) ? null : (float) e)
                .setReliability(Double.isNaN(reliability) ? null : (float) reliability)
                .build();
    }
}
