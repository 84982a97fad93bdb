package io.migr.worker;

import io.migr.perception.face.FaceBaseline;
import io.migr.perception.voice.Arousal;
import io.migr.perception.voice.VoiceBaseline;
import io.migr.schemas.ArousalLevel;
import io.migr.schemas.FaceUsual;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.MeasuredUnit;
import io.migr.schemas.ParticipantBaseline;
import io.migr.schemas.VisualFeatures;
import io.migr.schemas.VoiceArousal;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceUsual;
import java.util.List;
import java.util.OptionalDouble;

/** Compares what was measured in a clip with what is usual for the same person by the request's baseline. */
final class PersonUsual {
    private PersonUsual() {}

    /** The measured units of a request; relative ones with their usual value, if it is known. */
    static List<MeasuredUnit> units(InferenceRequest request) {
        VisualFeatures visual = request.getVisual();
        if (visual == null || visual.getFace() == null) {
            return List.of();
        }
        List<MeasuredUnit> units = visual.getFace().getUnits();
        ParticipantBaseline baseline = request.getBaseline();
        FaceUsual usual = baseline == null ? null : baseline.getFace();
        return usual == null
                ? units
                : units.stream()
                        .map(unit -> unit(unit, new FaceBaseline(usual)))
                        .toList();
    }

    private static MeasuredUnit unit(MeasuredUnit unit, FaceBaseline baseline) {
        OptionalDouble usual = unit.getRelative() ? baseline.usual(unit.getActionUnit()) : OptionalDouble.empty();
        return usual.isEmpty()
                ? unit
                : MeasuredUnit.newBuilder(unit)
                        .setUsual((float) usual.getAsDouble())
                        .build();
    }

    /** How aroused the voice sounds; null without voice cues or a usual voice. */
    static VoiceArousal arousal(InferenceRequest request) {
        VoiceCues voice = request.getAudio() == null ? null : request.getAudio().getVoice();
        ParticipantBaseline baseline = request.getBaseline();
        VoiceUsual usual = baseline == null ? null : baseline.getVoice();
        if (voice == null || usual == null) {
            return null;
        }
        Arousal arousal = Arousal.of(voice, VoiceBaseline.of(usual));
        return VoiceArousal.newBuilder()
                .setLevel(ArousalLevel.valueOf(arousal.level().name()))
                .setProbability(Double.isNaN(arousal.raised()) ? null : (float) arousal.raised())
                .setClips(usual.getClips())
                .setSpeechSeconds(usual.getSpeechSeconds())
                .build();
    }
}
