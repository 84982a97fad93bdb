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
import io.migr.schemas.Prosody;
import io.migr.schemas.SoundCodec;
import io.migr.schemas.VisualFeatures;
import io.migr.schemas.VoiceCues;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Measures the features of a clip and makes Avro records of them. */
public final class FeatureRecords {
    private FeatureRecords() {}

    /** What measures faces and voices as the keys {@code perception.*} ask. */
    public static ClipPerception perception(Configuration configuration) {
        String laughter = configuration.text(Key.PERCEPTION_LAUGHTER_FOLDER);
        return new ClipPerception(
                configuration.on(Key.PERCEPTION_FACE_APPEARANCE),
                Optional.of(laughter).filter(folder -> !folder.isEmpty()).map(Path::of));
    }

    /**
     * The visual half of a clip, with what its face shows.
     *
     * @param carriesMedia whether it holds pictures; without them they are not encoded
     */
    public static VisualFeatures visual(
            ClipSegment segment, ClipFeatures features, ClipPerception perception, boolean carriesMedia) {
        return VisualFeatures.newBuilder()
                .setClip(segment.getClip())
                .setStartMs(segment.getStartMs())
                .setDurationMs(features.durationMs())
                .setCapturedAt(segment.getCapturedAt())
                .setPresent(features.visual().present())
                .setAbsentReason(features.visual().absentReason())
                .setFrames(carriesMedia ? frames(features.visual()) : List.of())
                .setFace(face(features, perception))
                .setTerms(segment.getTerms())
                .setFrozenMs(features.visual().frozenMs())
                .build();
    }

    private static List<Frame> frames(ClipFeatures.Visual visual) {
        return visual.frames().stream()
                .map(frame -> new Frame(frame.timeMs(), ByteBuffer.wrap(frame.jpeg())))
                .toList();
    }

    /** What the face in a clip's pictures shows. */
    public static FaceCues face(ClipFeatures features, ClipPerception perception) {
        return perception.face(features.visual().frames().stream()
                .map(frame -> new RgbFrame(frame.timeMs(), frame.width(), frame.height(), frame.rgb()))
                .toList());
    }

    /**
     * The audio half of a clip, with what its voice sounds like.
     *
     * @param carriesMedia whether it holds sound
     */
    public static AudioFeatures audio(
            ClipSegment segment, ClipFeatures features, ClipPerception perception, boolean carriesMedia) {
        boolean present = features.audio().present();
        VoiceCues voice = perception.voice(features.audio().samples());
        return AudioFeatures.newBuilder()
                .setClip(segment.getClip())
                .setStartMs(segment.getStartMs())
                .setDurationMs(features.durationMs())
                .setCapturedAt(segment.getCapturedAt())
                .setPresent(present)
                .setAbsentReason(features.audio().absentReason())
                .setMelFrames(0)
                .setLogMel(ByteBuffer.allocate(0))
                .setSound(
                        present && carriesMedia
                                ? SoundCodec.encode(features.audio().samples())
                                : null)
                .setProsody(present ? prosody(voice) : null)
                .setVoice(voice)
                .setTerms(segment.getTerms())
                .build();
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
