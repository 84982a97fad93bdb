package io.migr.streams;

import io.migr.features.ClipFeatures;
import io.migr.perception.ClipPerception;
import io.migr.perception.face.RgbFrame;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.FaceCues;
import io.migr.schemas.Frame;
import io.migr.schemas.LogMelCodec;
import io.migr.schemas.Prosody;
import io.migr.schemas.VisualFeatures;
import io.migr.schemas.VoiceCues;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Measures the features of a clip and makes Avro records of them. */
public final class FeatureRecords {
    private static final int BINS = 128;

    private FeatureRecords() {}

    /** What measures faces and voices as the keys {@code perception.*} ask. */
    public static ClipPerception perception(Configuration configuration) {
        String laughter = configuration.text(Key.PERCEPTION_LAUGHTER_FOLDER);
        return new ClipPerception(
                configuration.on(Key.PERCEPTION_FACE_APPEARANCE),
                Optional.of(laughter).filter(folder -> !folder.isEmpty()).map(Path::of));
    }

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
                .setFace(face(features, perception))
                .setTerms(segment.getTerms())
                .setFrozenMs(features.visual().frozenMs())
                .build();
    }

    /** What the face in a clip's pictures shows. */
    public static FaceCues face(ClipFeatures features, ClipPerception perception) {
        return perception.face(features.visual().frames().stream()
                .map(frame -> new RgbFrame(frame.timeMs(), frame.width(), frame.height(), frame.rgb()))
                .toList());
    }

    /** The audio half of a clip, with what its voice sounds like. */
    public static AudioFeatures audio(ClipSegment segment, ClipFeatures features, ClipPerception perception) {
        float[][] logMel = features.audio().logMel();
        VoiceCues voice = perception.voice(features.audio().samples());
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
                .setProsody(features.audio().present() ? prosody(voice) : null)
                .setVoice(voice)
                .setTerms(segment.getTerms())
                .build();
    }

    /**
     * Removes pictures and sound from two halves, of which one may be null; what was measured in them stays, also that
     * they were present.
     */
    static void removeMedia(VisualFeatures visual, AudioFeatures audio) {
        if (visual != null) {
            visual.setFrames(List.of());
        }
        if (audio != null) {
            audio.setMelFrames(0);
            audio.setLogMel(ByteBuffer.allocate(0));
        }
    }

    /** The voice in the form that models of pixels and sound read; what is retired in it stays null. */
    private static Prosody prosody(VoiceCues voice) {
        return Prosody.newBuilder()
                .setVoiceActivity(voice.getVoiceActivity())
                .setF0MedianHz(
                        voice.getF0Median() == null
                                ? null
                                : (float) (100 * Math.pow(2, voice.getF0Median().getValue() / 12)))
                .setF0RangeSemitones(
                        voice.getF0Range() == null ? null : voice.getF0Range().getValue())
                .setLevelDb(
                        voice.getLevel() == null
                                ? Float.NEGATIVE_INFINITY
                                : voice.getLevel().getValue())
                .setPauseShare(
                        voice.getPauseShare() == null
                                ? 0
                                : voice.getPauseShare().getValue())
                .build();
    }
}
