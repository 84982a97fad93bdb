package io.migr.perception.voice;

/** Butterworth high-pass of second order at {@value #CORNER} Hz: takes out direct current and rumble. */
final class HighPass {
    private static final double CORNER = 60;

    private HighPass() {}

    static float[] filtered(float[] samples) {
        double k = Math.tan(Math.PI * CORNER / VoicePerception.SAMPLE_RATE);
        double gain = 1 / (1 + Math.sqrt(2) * k + k * k);
        double feedback1 = 2 * (k * k - 1) * gain;
        double feedback2 = (1 - Math.sqrt(2) * k + k * k) * gain;
        float[] out = new float[samples.length];
        // as if the first sample had been there before, so that direct current makes no click
        double x1 = samples.length == 0 ? 0 : samples[0];
        double x2 = x1;
        double y1 = 0;
        double y2 = 0;
        for (int i = 0; i < out.length; i++) {
            double y = gain * (samples[i] - 2 * x1 + x2) - feedback1 * y1 - feedback2 * y2;
            x2 = x1;
            x1 = samples[i];
            y2 = y1;
            y1 = y;
            out[i] = (float) y;
        }
        return out;
    }
}
