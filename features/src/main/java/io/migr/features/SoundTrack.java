package io.migr.features;

import io.migr.features.ClipFeatures.Audio;
import io.migr.features.RunLog.Block;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The sound of one track as it was decoded, without the gaps between its blocks.
 *
 * @param samples mono at 16 kHz, -1..1
 * @param blocks when each block is to be heard
 */
record SoundTrack(float[] samples, List<Block> blocks) {
    static final SoundTrack NONE = new SoundTrack(new float[0], List.of());

    /** Deviations of a block's time up to this are rounding and jitter, s. */
    static final double TOLERANCE = 0.05;

    private static final int POWER_FRAME = Audio.SAMPLE_RATE / 50;

    /** Reads what a run wrote. */
    static SoundTrack read(Path file, List<Block> blocks) throws IOException {
        if (!Files.exists(file)) {
            return NONE;
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int frames = bytes.remaining() / (2 * Float.BYTES);
        float[] left = new float[frames];
        float[] right = new float[frames];
        for (int i = 0; i < frames; i++) {
            left[i] = finite(bytes.getFloat());
            right[i] = finite(bytes.getFloat());
        }
        return new SoundTrack(mono(left, right), blocks);
    }

    private static float finite(float sample) {
        return Float.isFinite(sample) ? sample : 0;
    }

    /** When the first block is to be heard, seconds; NaN if it is not known. */
    double first() {
        return blocks.isEmpty() ? Double.NaN : blocks.get(0).seconds();
    }

    /**
     * The sound with each block at its own time: where a block is later than the end of the one before, by more than
     * {@link #TOLERANCE}, there is silence. Blocks that overlap follow each other.
     *
     * @param zero the time at which the clip starts, seconds
     * @param longest number of samples that is not exceeded
     */
    float[] placed(double zero, int longest) {
        float[] placed = new float[longest];
        int from = 0; // in samples
        int to = 0; // in placed
        double decoded = 0; // end of the blocks so far, in seconds of samples
        double running = zero; // the same, in seconds of the clip
        for (Block block : blocks) {
            double gap = block.seconds() - running;
            if (gap > TOLERANCE) {
                int until = (int) Math.round(decoded * Audio.SAMPLE_RATE);
                int count = Math.max(0, Math.min(Math.min(until, samples.length) - from, longest - to));
                System.arraycopy(samples, from, placed, to, count);
                from += count;
                to = (int) Math.min(longest, to + count + Math.min(longest, Math.round(gap * Audio.SAMPLE_RATE)));
                running = block.seconds();
            }
            decoded += block.samples() / (double) block.rate();
            running += block.samples() / (double) block.rate();
        }
        if (to == 0) {
            return samples;
        }
        int count = Math.min(samples.length - from, longest - to);
        System.arraycopy(samples, from, placed, to, count);
        return Arrays.copyOf(placed, to + count);
    }

    /** How much the sound changes: 90th minus 10th percentile of the power of 20 ms frames; 0 for silence or a hum. */
    double spread() {
        int frames = samples.length / POWER_FRAME;
        double[] power = new double[frames];
        for (int i = 0; i < frames * POWER_FRAME; i++) {
            power[i / POWER_FRAME] += (double) samples[i] * samples[i] / POWER_FRAME;
        }
        Arrays.sort(power);
        return frames == 0 ? -1 : power[(frames - 1) * 9 / 10] - power[(frames - 1) / 10];
    }

    /** The mean of two channels, or the stronger one if they cancel each other; scaled to at most 1 in magnitude. */
    static float[] mono(float[] left, float[] right) {
        double leftEnergy = 0;
        double rightEnergy = 0;
        double meanEnergy = 0;
        float[] mono = new float[left.length];
        for (int i = 0; i < mono.length; i++) {
            mono[i] = (left[i] + right[i]) / 2;
            leftEnergy += (double) left[i] * left[i];
            rightEnergy += (double) right[i] * right[i];
            meanEnergy += (double) mono[i] * mono[i];
        }
        if (meanEnergy < 0.05 * Math.max(leftEnergy, rightEnergy)) {
            mono = (leftEnergy >= rightEnergy ? left : right).clone();
        }
        float peak = 0;
        for (float sample : mono) {
            peak = Math.max(peak, Math.abs(sample));
        }
        for (int i = 0; peak > 1 && i < mono.length; i++) {
            mono[i] /= peak;
        }
        return mono;
    }
}
