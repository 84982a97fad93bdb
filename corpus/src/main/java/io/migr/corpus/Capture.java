package io.migr.corpus;

import java.awt.image.BufferedImage;
import java.awt.image.RescaleOp;

/** How a clip was captured: what camera and microphone make of the same person. */
public enum Capture {
    /** As the corpus is: good light, full band. */
    CLEAN,

    /** A dark room and a telephone: {@value #LIGHT} of the light, sound from 300 to 3,400 Hz alone. */
    DIM_TELEPHONE;

    private static final float LIGHT = 0.3f;
    private static final double LOWEST = 300;
    private static final double HIGHEST = 3_400;
    /** Quality factors of the two sections of a fourth-order Butterworth filter. */
    private static final double[] BUTTERWORTH = {0.54119610, 1.30656296};

    /** A picture, changed in place. */
    BufferedImage seen(BufferedImage picture) {
        return this == CLEAN ? picture : new RescaleOp(LIGHT, 0, null).filter(picture, picture);
    }

    /** Sound at {@link Clip#SAMPLE_RATE}, changed in place. */
    float[] heard(float[] samples) {
        if (this == DIM_TELEPHONE) {
            for (double quality : BUTTERWORTH) {
                filter(samples, LOWEST, quality, -1);
                filter(samples, HIGHEST, quality, 1);
            }
        }
        return samples;
    }

    /**
     * One section of a filter (R. Bristow-Johnson, Audio EQ Cookbook).
     *
     * @param pass 1 lets through what is below the corner, -1 what is above
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
