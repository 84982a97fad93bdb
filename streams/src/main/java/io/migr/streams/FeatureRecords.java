package io.migr.streams;

import io.migr.features.ClipFeatures;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Frame;
import io.migr.schemas.LogMelCodec;
import io.migr.schemas.Prosody;
import io.migr.schemas.VisualFeatures;
import java.nio.ByteBuffer;

/** Converts the features of a clip to Avro records. */
public final class FeatureRecords {
    private static final int BINS = 128;

    private FeatureRecords() {}

    public static VisualFeatures visual(ClipSegment segment, ClipFeatures features) {
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

    public static AudioFeatures audio(ClipSegment segment, ClipFeatures features) {
        float[][] logMel = features.audio().logMel();
        return AudioFeatures.newBuilder()
                .setClip(segment.getClip())
                .setStartMs(segment.getStartMs())
                .setDurationMs(features.durationMs())
                .setCapturedAt(segment.getCapturedAt())
                .setPresent(features.audio().present())
                .setAbsentReason(features.audio().absentReason())
                .setMelBins(BINS)
                .setMelFrames(logMel.length == 0 ? 0 : logMel[0].length)
                .setLogMel(LogMelCodec.encode(logMel))
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
}
