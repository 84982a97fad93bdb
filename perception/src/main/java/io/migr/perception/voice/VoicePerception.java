package io.migr.perception.voice;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernels;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.VoiceCues;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Measures the voice in a clip: speech, fundamental frequency, level, quality, pauses and loud events, without
 * knowing whose voice it is. What it measures and how far that can be trusted is in the documentation of {@link
 * VoiceCues}; the formulas and their sources are beside the classes that compute them.
 *
 * <p>An instance belongs to one thread: it may be used by another only when the first has done with it, and must not
 * be closed while it measures. {@link #measure} leaves the recording of gradients turned off for the calling thread.
 */
public final class VoicePerception implements AutoCloseable {
    /** Samples per second of what is measured. */
    public static final int SAMPLE_RATE = 16_000;
    /** What {@link VoiceCues#getMeasuredBy} names; changes whenever the same sound could give other numbers. */
    public static final String VERSION = "voice-2";

    private static final double LARGEST = 10;
    private static final double NEAR_PEAK = 0.99;

    static {
        AvroSafety.set(); // the builders of records need the trusted classes
    }

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final Kernels kernels = new Kernels(manager);
    private final SileroVad vad = new SileroVad(manager, kernels);
    private final FrameMeter meter = new FrameMeter(manager, kernels);

    /** Null: laughter is not looked for. */
    private final Laughter laughter;

    /** Loads the weights, 1.2 MB, from the resources; the first instance in a process also loads libtorch. */
    public VoicePerception() {
        laughter = null;
    }

    /**
     * Also looks for possible laughter, which takes about 90 ms more of a processor.
     *
     * @param laughterWeights folder with the two files that the README names
     * @throws UncheckedIOException if they cannot be read
     */
    public VoicePerception(Path laughterWeights) {
        try {
            laughter = new Laughter(manager, kernels, laughterWeights);
        } catch (UncheckedIOException e) {
            close();
            throw e;
        }
    }

    /**
     * Measures a clip. Clips do not depend on each other, and the same samples give the same cues.
     *
     * @param samples mono at 16 kHz, -1..1, usually 4 s; if there are less than 40 ms, everything is unknown
     * @throws IllegalArgumentException if a sample is not a number or far beyond full scale
     */
    public VoiceCues measure(float[] samples) {
        double peak = 0;
        for (int i = 0; i < samples.length; i++) {
            peak = Math.max(peak, Math.abs(samples[i]));
            if (!(Math.abs(samples[i]) <= LARGEST)) {
                throw new IllegalArgumentException("Sample " + i + " of " + samples.length + " is " + samples[i]
                        + ", but full scale is 1. Decode the sound again.");
            }
        }
        double clippedShare = clippedShare(samples, peak);
        VoiceCues.Builder cues = VoiceCues.newBuilder()
                .setMeasuredBy(VERSION)
                .setDurationMs((int) (samples.length * 1000L / SAMPLE_RATE))
                .setVoiceActivity(0)
                .setSpeech(List.of())
                .setEvents(List.of())
                .setHalfSeconds(List.of())
                .setClippedShare((float) clippedShare);
        if (FrameMeter.frames(samples.length) == 0) {
            return cues.build();
        }
        float[] centred = centred(samples);
        MainsHum hum = MainsHum.removed(centred);
        boolean found = hum.level() > Double.NEGATIVE_INFINITY;
        cues.setMainsHum(found ? (float) hum.level() : null);
        if (laughter != null) {
            Kernels.recordGradients(false);
            cues.setPossibleLaughter(laughter.possible(samples));
        }
        return new VoiceSummary(frames(centred, hum.samples()), found, clippedShare)
                .fill(cues)
                .build();
    }

    private static double clippedShare(float[] samples, double peak) {
        int near = 0;
        for (float sample : samples) {
            near += peak > 0 && Math.abs(sample) >= NEAR_PEAK * peak ? 1 : 0;
        }
        return near / (double) Math.max(1, samples.length);
    }

    /** Without the direct current of a sound card, by which Silero VAD is misled. */
    private static float[] centred(float[] samples) {
        double mean = 0;
        for (float sample : samples) {
            mean += sample / samples.length;
        }
        float[] centred = new float[samples.length];
        for (int i = 0; i < samples.length; i++) {
            centred[i] = (float) (samples[i] - mean);
        }
        return centred;
    }

    /** Speech is detected in the sound with its hum, which the net has learned to live with; the rest without. */
    VoiceFrames frames(float[] samples, float[] clean) {
        Kernels.recordGradients(false);
        float[] high = HighPass.filtered(clean);
        PitchPath pitch = PitchPath.of(meter.correlation(high));
        boolean[] speech = SpeechFrames.of(vad.probabilities(samples), FrameMeter.frames(samples.length));
        return VoiceFrames.of(speech, pitch, meter.spectra(high));
    }

    @Override
    public void close() {
        kernels.close();
        manager.close();
    }
}
