package io.migr.model.cues;

import io.migr.perception.face.FaceBaseline;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.CueUsual;
import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceExpression;
import io.migr.schemas.FaceFrame;
import io.migr.schemas.FaceUsual;
import io.migr.schemas.FaceView;
import io.migr.schemas.MeasuredUnit;
import io.migr.schemas.ParticipantBaseline;
import io.migr.schemas.SpeechSpan;
import io.migr.schemas.UnitUsual;
import io.migr.schemas.VoiceCueName;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceMeasure;
import io.migr.schemas.VoiceUsual;
import io.migr.schemas.VoicedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Records as perception writes them, by hand. */
final class ExampleCues {
    private static final Set<Integer> RELATIVE = Set.of(1, 2, 4, 5, 15, 17, 24);

    static {
        AvroSafety.set();
    }

    private ExampleCues() {}

    /** A face that looks ahead, with these unit values, and 0 for all others. */
    static FaceCues face(Map<Integer, Double> values, double quality, double happy, double neutral, double sad) {
        List<MeasuredUnit> units = new ArrayList<>();
        for (int unit : FaceRows.UNITS) {
            units.add(MeasuredUnit.newBuilder()
                    .setActionUnit(unit)
                    .setValue(values.getOrDefault(unit, 0.0).floatValue())
                    .setReliability((float) (0.9 * quality))
                    .setRelative(RELATIVE.contains(unit))
                    .build());
        }
        FaceFrame frame = FaceFrame.newBuilder()
                .setTimeMs(100)
                .setPresence(1)
                .setUsable(true)
                .setView(new FaceView(5f, -3f, 0f, 0.5f, 0.5f, 120f, 0.5f, 1f))
                .setUnits(units)
                .build();
        float rest = (float) (1 - happy - neutral - sad) / 3;
        return FaceCues.newBuilder()
                .setMeasuredBy("by hand")
                .setFaces(1)
                .setFrames(List.of(frame))
                .setUnits(units)
                .setExpression(new FaceExpression((float) happy, (float) neutral, rest, (float) sad, rest, rest))
                .build();
    }

    static FaceCues smile(double quality) {
        return face(Map.of(12, 0.9), quality, 0.94, 0.03, 0.01);
    }

    /** A voice of 2 s of speech at a pitch, semitones above 100 Hz. */
    static VoiceCues voice(double pitch) {
        return VoiceCues.newBuilder()
                .setMeasuredBy("by hand")
                .setDurationMs(3000)
                .setVoiceActivity(0.66f)
                .setSpeech(List.of(new SpeechSpan(500, 2500)))
                .setVoicedMs(1500)
                .setF0Median(new VoiceMeasure((float) pitch, 0.3f, 0.9f))
                .setPauseShare(new VoiceMeasure(0.1f, 0.05f, 0.5f))
                .build();
    }

    static VoiceCues laughter() {
        return VoiceCues.newBuilder()
                .setMeasuredBy("by hand")
                .setDurationMs(3000)
                .setVoiceActivity(0)
                .setEvents(List.of(new VoicedEvent(500, 1500, 30f, 14f, 0.1f)))
                .setPossibleLaughter(true)
                .build();
    }

    static VoiceCues silence() {
        return VoiceCues.newBuilder()
                .setMeasuredBy("by hand")
                .setDurationMs(3000)
                .setVoiceActivity(0)
                .build();
    }

    /** A settled baseline: a pitch, and one value of every relative unit. */
    static ParticipantBaseline usual(double pitch, double units) {
        List<UnitUsual> face = RELATIVE.stream()
                .map(unit -> new UnitUsual(unit, (float) units, 0.02f))
                .toList();
        return ParticipantBaseline.newBuilder()
                .setVoice(new VoiceUsual(10, 25f, List.of(new CueUsual(VoiceCueName.F0_MEDIAN, (float) pitch, 0.5f))))
                .setFace(new FaceUsual(FaceBaseline.USEFUL_CLIPS, face))
                .setSince(Instant.EPOCH)
                .build();
    }
}
