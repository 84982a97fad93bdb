package io.migr.streams;

import io.migr.features.ClipFeatures;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Frame;
import io.migr.schemas.Prosody;
import io.migr.schemas.VisualFeatures;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Converts the features of a clip to Avro records. */
final class Halves {
    private static final int BINS = 128;

    private Halves() {}

    static VisualFeatures visual(ClipSegment segment, ClipFeatures features) {
        return VisualFeatures.newBuilder()
                .setClip(segment.getClip())
                .setStartMs(segment.getStartMs())
                .setDurationMs(features.durationMs())
                .setCapturedAt(segment.getCapturedAt())
                .setPresent(features.visual().present())
                .setAbsentReason(features.visual().absentReason())
                .setFrames(features.visual().frames().stream()
                        .map(frame -> new Frame(frame.timeMs(), ByteBuffer.wrap(frame.jpeg())))
                        .toList())
                .build();
    }

    static AudioFeatures audio(ClipSegment segment, ClipFeatures features) {
        float[][] logMel = features.audio().logMel();
        int frames = logMel.length == 0 ? 0 : logMel[0].length;
        ByteBuffer halves =
                ByteBuffer.allocate(logMel.length * frames * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] bin : logMel) {
            for (float energy : bin) {
                halves.putShort(half(energy));
            }
        }
        return AudioFeatures.newBuilder()
                .setClip(segment.getClip())
                .setStartMs(segment.getStartMs())
                .setDurationMs(features.durationMs())
                .setCapturedAt(segment.getCapturedAt())
                .setPresent(features.audio().present())
                .setAbsentReason(features.audio().absentReason())
                .setMelBins(BINS)
                .setMelFrames(frames)
                .setLogMel(halves.flip())
                .setProsody(prosody(features.audio().prosody()))
                .build();
    }

    private static Prosody prosody(io.migr.features.Prosody measured) {
        if (measured == null) {
            return null;
        }
        return Prosody.newBuilder()
                .setVoiceActivity(measured.voiceActivity())
                .setF0MedianHz(orNull(measured.f0MedianHz()))
                .setF0RangeSemitones(orNull(measured.f0RangeSemitones()))
                .setLevelDb(Float.isNaN(measured.levelDb()) ? Float.NEGATIVE_INFINITY : measured.levelDb())
                .setSpeechRate(orNull(measured.speechRate()))
                .setPauseShare(Float.isNaN(measured.pauseShare()) ? 0 : measured.pauseShare())
                .setJitterPercent(orNull(measured.jitterPercent()))
                .build();
    }

    private static Float orNull(float value) {
        return Float.isNaN(value) ? null : value;
    }

    /** IEEE 754 binary16, rounded to nearest even; log-mel values are far within its range. */
    static short half(float value) {
        int bits = Float.floatToIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int exponent = (bits >>> 23 & 0xff) - 112;
        int mantissa = bits & 0x7fffff;
        if (exponent <= 0) {
            if (exponent < -10) {
                return (short) sign;
            }
            mantissa = (mantissa | 0x800000) >> 1 - exponent;
            return (short) (sign | rounded(mantissa));
        }
        if (exponent >= 31) {
            return (short) (sign | 0x7c00);
        }
        return (short) (sign + rounded(exponent << 23 | mantissa));
    }

    private static int rounded(int bits) {
        return bits + 0xfff + (bits >> 13 & 1) >> 13;
    }
}
