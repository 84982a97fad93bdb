package io.migr.streams;

import io.migr.features.ClipFeatures;
import io.migr.perception.ClipPerception;
import io.migr.perception.face.RgbFrame;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Frame;
import io.migr.schemas.LogMelCodec;
import io.migr.schemas.Prosody;
import io.migr.schemas.VisualFeatures;
import java.nio.ByteBuffer;

/** Measures the features of a clip and makes Avro records of them. */
public final class FeatureRecords {
    private static final int BINS = 128;

    private FeatureRecords() {}

    /** The visual half of a clip, with what its face shows. */
    public static VisualFeatures visual(ClipSegment segment, ClipFeatures features, ClipPerception perception) {
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
                .setFace(perception.face(features.visual().frames().stream()
                        .map(frame -> new RgbFrame(frame.timeMs(), frame.width(), frame.height(), frame.rgb()))
                        .toList()))
                .build();
    }

    /** The audio half of a clip, with what its voice sounds like. */
    public static AudioFeatures audio(ClipSegment segment, ClipFeatures features, ClipPerception perception) {
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
                .setVoice(perception.voice(features.audio().samples()))
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
