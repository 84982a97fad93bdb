package io.migr.corpus;

import java.awt.image.BufferedImage;
import java.awt.image.RescaleOp;

/** The capture conditions of a clip: what camera and microphone do to picture and sound. */
public enum Capture {
    /** The corpus default: good light, full band. */
    CLEAN,

    /** A dark room and a telephone line: {@value #LIGHT} of the light, sound limited to 300 to 3,400 Hz. */
    DIM_TELEPHONE;

    private static final float LIGHT = 0.3f;
    private static final double LOWEST = 300;
    private static final double HIGHEST = 3_400;
    /** Quality factors of the two sections of a fourth-order Butterworth filter. */
    private static final double[] BUTTERWORTH = {0.54119610, 1.30656296};

    /** Applies the conditions to a picture in place. */
    BufferedImage applyTo(BufferedImage picture) {
        return this == CLEAN ? picture : new RescaleOp(LIGHT, 0, null).filter(picture, picture);
    }

    /** Applies the conditions in place to sound sampled at {@link Clip#SAMPLE_RATE}. */
    float[] applyTo(float[] samples) {
        if (this == DIM_TELEPHONE) {
            for (double quality : BUTTERWORTH) {
                filter(samples, LOWEST, quality, -1);
                filter(samples, HIGHEST, quality, 1);
            }
        }
        return samples;
    }

    /**
     * Applies one second-order filter section (R. Bristow-Johnson, Audio EQ Cookbook).
     *
     * @param pass 1: low-pass, -1: high-pass
     */
    private static void filter(float[] samples, double corner, double quality, int pass) {
        double omega = 2 * Math.PI * corner / Clip.SAMPLE_RATE;
        double cosine = Math.cos(omega);
        double alpha = Math.sin(omega) / (2 * quality);
        double outer = (1 - pass * cosine) / 2;
        double x1 = 0;
        double x2 = 0;
        double y1 = 0;
        double y2 = 0;
        for (int i = 0; i < samples.length; i++) {
            double y = (outer * (samples[i] + 2 * pass * x1 + x2) + 2 * cosine * y1 - (1 - alpha) * y2) / (1 + alpha);
            x2 = x1;
            x1 = samples[i];
            y2 = y1;
            y1 = y;
            samples[i] = (float) y;
        }
    }
}
