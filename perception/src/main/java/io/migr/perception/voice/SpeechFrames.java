package io.migr.perception.voice;

/**
 * Frames with speech from the probabilities of Silero VAD: on at {@value #ON}, off at {@value #OFF} or less, gaps of
 * 100 ms closed, then speech under 50 ms dropped.
 */
final class SpeechFrames {
    private static final double ON = 0.5;
    private static final double OFF = 0.35;
    private static final int GAP = 10;
    private static final int SHORTEST = 5;

    private SpeechFrames() {}

    /** True for each frame whose centre is in speech. */
    static boolean[] of(float[] probabilities, int frames) {
        boolean[] on = new boolean[probabilities.length];
        for (int c = 0; c < on.length; c++) {
            boolean before = c > 0 && on[c - 1];
            on[c] = probabilities[c] >= ON || before && probabilities[c] > OFF;
        }
        boolean[] speech = new boolean[frames];
        for (int w = 0; w < frames; w++) {
            speech[w] = on[(2 * FrameMeter.HOP + w * FrameMeter.HOP) / SileroVad.CHUNK];
        }
        return Stretch.smoothed(speech, GAP, SHORTEST);
    }
}
