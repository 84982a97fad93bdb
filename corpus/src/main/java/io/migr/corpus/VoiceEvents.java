package io.migr.corpus;

import io.migr.corpus.DrawnVoiceCues.Event;
import java.util.SplittableRandom;

/** Synthesises non-verbal sounds over the start or the end of the speech. */
final class VoiceEvents {
    private static final int RATE = VoiceSynthesizer.RATE;

    private final SplittableRandom random;
    private final VoiceLook look;

    VoiceEvents(SplittableRandom random, VoiceLook look) {
        this.random = random;
        this.look = look;
    }

    /** Adds an event and fades out the speech under it. */
    void add(Event event, double[] samples, float[] mouth) {
        if (event == Event.NONE) {
            return;
        }
        boolean early = event == Event.GASP || event == Event.SCREAM;
        int span = (int) (RATE * (event == Event.GASP ? 0.35 : 0.9));
        int start = early ? (int) (0.05 * RATE) : samples.length - span - (int) (0.05 * RATE);
        double loud = Math.pow(10, (look.levelDb() + level(event)) / 20);
        double phase = 0;
        double low = 0;
        double band = 0;
        for (int i = 0; i < span; i++) {
            double t = i / (double) RATE;
            double within = i / (double) span;
            double noise = random.nextGaussian();
            double pitch = look.pitchHz() * pitch(event, t, within);
            phase = (phase + pitch / RATE) % 1;
            double voiced = 0;
            for (int k = 1; k <= 8 && k * pitch < RATE / 2.2; k++) {
                voiced += Math.sin(2 * Math.PI * k * phase) / k;
            }
            // noise through a two-pole band-pass around 1.4 kHz for breath, or plain for a growl
            low += 0.45 * (noise - low);
            band += 0.25 * (low - band);
            double sound = voicedShare(event) * voiced + (1 - voicedShare(event)) * 2.5 * (low - band);
            double envelope = Math.sin(Math.PI * Math.min(1, within * 1.02)) * gate(event, t);
            int at = start + i;
            double fade = Math.min(1, 8 * Math.min(within, 1 - within));
            samples[at] = samples[at] * (1 - fade) + loud * envelope * sound;
            int frame = Math.min(mouth.length - 1, at / (RATE / 100));
            mouth[frame] = (float) Math.max(mouth[frame] * (1 - fade), 0.8 * envelope);
        }
    }

    /** The level relative to the person's neutral speech, dB. */
    private static double level(Event event) {
        return switch (event) {
            case SCREAM -> 8;
            case LAUGH, GASP, GROWL -> 2;
            case SOB -> 0;
            case SIGH, NONE -> -3;
        };
    }

    /** The share of voiced sound, 0..1; the rest is noise. */
    private static double voicedShare(Event event) {
        return switch (event) {
            case SCREAM -> 0.9;
            case LAUGH -> 0.7;
            case SOB -> 0.6;
            case GROWL -> 0.75;
            case GASP, SIGH, NONE -> 0.02;
        };
    }

    /** The pitch as a multiple of the neutral pitch, {@code t} seconds after the start, {@code within} 0..1 of it. */
    private static double pitch(Event event, double t, double within) {
        return switch (event) {
            case LAUGH -> 1.7 - 0.4 * within;
            case SOB -> 1.3 + 0.25 * Math.sin(2 * Math.PI * 5 * t) - 0.3 * within;
            case GROWL -> 0.55;
            case SCREAM -> 3.2 + 0.5 * Math.sin(Math.PI * within);
            case GASP, SIGH, NONE -> 1;
        };
    }

    /** Amplitude modulation in bursts per second: laughter 5, sobbing 3.5, a growl's rattle 28. */
    private static double gate(Event event, double t) {
        return switch (event) {
            case LAUGH -> Math.max(0, Math.sin(2 * Math.PI * 5 * t));
            case SOB -> 0.25 + 0.75 * Math.max(0, Math.sin(2 * Math.PI * 3.5 * t));
            case GROWL -> 0.5 + 0.5 * Math.sin(2 * Math.PI * 28 * t);
            case GASP, SIGH, SCREAM, NONE -> 1;
        };
    }
}
