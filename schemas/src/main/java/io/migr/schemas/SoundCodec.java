package io.migr.schemas;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Samples in the form of {@link Sound}: 16 bits each, scaled by the clip's peak so that quiet clips lose no more. The
 * log-mel of decoded samples is within 0.02 of that of the encoded ones, on Whisper's scale, where 1 is four decades of
 * power; {@code StoredSoundTest} of streams measures it.
 */
public final class SoundCodec {
    private static final int FULL = Short.MAX_VALUE;

    private SoundCodec() {}

    /**
     * The record of samples.
     *
     * @param samples mono at 16 kHz, finite, 1 is full scale
     */
    public static Sound encode(float[] samples) {
        float peak = 0;
        for (float sample : samples) {
            peak = Math.max(peak, Math.abs(sample));
        }
        ByteBuffer pcm = ByteBuffer.allocate(samples.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float sample : samples) {
            pcm.putShort((short) (peak == 0 ? 0 : Math.round(sample / (double) peak * FULL)));
        }
        return new Sound(pcm.flip(), peak);
    }

    /**
     * The samples of a record, each within half of 1/32767 of the peak.
     *
     * @param clip the clip's name, for messages
     * @throws IllegalArgumentException if there is half a sample, or the peak is negative or not finite
     */
    public static float[] decode(Sound sound, String clip) {
        ByteBuffer pcm = sound.getPcm().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        float peak = sound.getPeak();
        if (pcm.remaining() % Short.BYTES != 0) {
            throw new IllegalArgumentException("The sound of clip " + clip + " has " + pcm.remaining()
                    + " bytes; samples of 16 bits need an even number.");
        }
        if (!(peak >= 0 && Float.isFinite(peak))) {
            throw new IllegalArgumentException(
                    "The sound of clip " + clip + " has the peak " + peak + "; it must be a number from 0 up.");
        }
        float[] samples = new float[pcm.remaining() / Short.BYTES];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (pcm.getShort() * (double) peak / FULL);
        }
        return samples;
    }
}
