package io.migr.perception.voice;

/**
 * Frames with speech from the probabilities of Silero VAD: on at {@value #ON}, off at {@value #OFF} or less, gaps of
 * 60 ms closed, then speech under 50 ms dropped. The net answers late: a probability describes the sound from half a
 * chunk before its own chunk on.
 */
final class SpeechFrames {
    private static final double ON = 0.5;
    private static final double OFF = 0.45;
    private static final int GAP = 6;
    private static final int SHORTEST = 5;

    private SpeechFrames() {}

    /** True for each frame whose centre is in speech. */
    static boolean[] of(float[] probabilities, int frames) {
        return of(probabilities, frames, SileroVad.CHUNK / 2, OFF, GAP);
    }

    /** The rule with other numbers: samples by which the net is late, where speech ends, longest gap closed. */
    static boolean[] of(float[] probabilities, int frames, int late, double off, int gap) {
        boolean[] on = new boolean[probabilities.length];
        for (int c = 0; c < on.length; c++) {
            boolean before = c > 0 && on[c - 1];
            on[c] = probabilities[c] >= ON || before && probabilities[c] > off;
        }
        boolean[] speech = new boolean[frames];
        for (int w = 0; w < frames; w++) {
            int centre = 2 * FrameMeter.HOP + w * FrameMeter.HOP;
            speech[w] = on[Math.min((centre + late) / SileroVad.CHUNK, on.length - 1)];
        }
        return Stretch.smoothed(speech, gap, SHORTEST);
    }
}
