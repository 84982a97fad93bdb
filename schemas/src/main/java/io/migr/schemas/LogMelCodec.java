package io.migr.schemas;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of {@link AudioFeatures#getLogMel()}: little-endian binary16 numbers, all frames of the first mel bin, then
 * those of the next. Earlier versions of migr wrote them where {@link AudioFeatures#getSound()} is now.
 */
public final class LogMelCodec {
    private LogMelCodec() {}

    /**
     * The bytes of log-mel energies.
     *
     * @param logMel {@code [bins][frames]}; may have no bins
     */
    public static ByteBuffer encode(float[][] logMel) {
        int frames = logMel.length == 0 ? 0 : logMel[0].length;
        ByteBuffer bytes =
                ByteBuffer.allocate(logMel.length * frames * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] bin : logMel) {
            for (float energy : bin) {
                bytes.putShort(Float16.of(energy));
            }
        }
        return bytes.flip();
    }

    /**
     * The log-mel energies of a record, {@code [bins][frames]}.
     *
     * @param clip the clip's name, for messages
     * @throws IllegalArgumentException if the number of bytes does not match bins and frames, or a value is not finite
     */
    public static float[][] decode(AudioFeatures audio, String clip) {
        int bins = audio.getMelBins();
        int frames = audio.getMelFrames();
        ByteBuffer bytes = audio.getLogMel().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        long needed = (long) bins * frames * Short.BYTES;
        if (bins <= 0 || frames <= 0 || bytes.remaining() != needed) {
            throw new IllegalArgumentException("The log-mel of clip " + clip + " has " + bytes.remaining()
                    + " bytes, but " + bins + " bins of " + frames + " half floats need " + needed + ".");
        }
        float[][] energies = new float[bins][frames];
        for (float[] bin : energies) {
            for (int t = 0; t < frames; t++) {
                bin[t] = Float16.toFloat(bytes.getShort());
                if (!Float.isFinite(bin[t])) {
                    throw new IllegalArgumentException(
                            "The log-mel of clip " + clip + " has a value that is not finite.");
                }
            }
        }
        return energies;
    }
}
