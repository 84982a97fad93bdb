package io.migr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.migr.schemas.ArousalLevel;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.ClipId;
import io.migr.schemas.CueUsual;
import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceUsual;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.MeasuredUnit;
import io.migr.schemas.ParticipantBaseline;
import io.migr.schemas.SpeechSpan;
import io.migr.schemas.UnitUsual;
import io.migr.schemas.VisualFeatures;
import io.migr.schemas.VoiceArousal;
import io.migr.schemas.VoiceCueName;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceMeasure;
import io.migr.schemas.VoiceUsual;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PersonUsualTest {
    static {
        AvroSafety.set();
    }

    private static final ClipId CLIP = new ClipId("call", "ann", 7L);
    private static final MeasuredUnit BROW = new MeasuredUnit(1, 0.75f, 0.5f, true, null);
    private static final MeasuredUnit SMILE = new MeasuredUnit(12, 0.9f, 0.8f, false, null);

    private static InferenceRequest request(int speechMs, ParticipantBaseline baseline) {
        return InferenceRequest.newBuilder()
                .setClip(CLIP)
                .setStartMs(0)
                .setDurationMs(4000)
                .setCapturedAt(Instant.EPOCH)
                .setVisual(VisualFeatures.newBuilder()
                        .setClip(CLIP)
                        .setStartMs(0)
                        .setDurationMs(4000)
                        .setCapturedAt(Instant.EPOCH)
                        .setPresent(true)
                        .setFrames(List.of())
                        .setFace(FaceCues.newBuilder()
                                .setUnits(List.of(BROW, SMILE))
                                .build())
                        .build())
                .setAudio(AudioFeatures.newBuilder()
                        .setClip(CLIP)
                        .setStartMs(0)
                        .setDurationMs(4000)
                        .setCapturedAt(Instant.EPOCH)
                        .setPresent(true)
                        .setMelFrames(0)
                        .setLogMel(ByteBuffer.allocate(0))
                        .setVoice(VoiceCues.newBuilder()
                                .setMeasuredBy("test")
                                .setDurationMs(4000)
                                .setVoiceActivity(speechMs / 4000f)
                                .setSpeech(List.of(new SpeechSpan(0, speechMs)))
                                .setF0Median(
                                        VoiceMeasure.newBuilder().setValue(19f).build())
                                .build())
                        .build())
                .setBaseline(baseline)
                .build();
    }

    private static ParticipantBaseline baseline(int clips) {
        return ParticipantBaseline.newBuilder()
                .setSince(Instant.EPOCH)
                .setFace(new FaceUsual(clips, List.of(new UnitUsual(1, 0.25f, 0.125f))))
                .setVoice(new VoiceUsual(clips, 3f * clips, List.of(new CueUsual(VoiceCueName.F0_MEDIAN, 5f, 1f))))
                .build();
    }

    @Test
    void withoutABaselineNothingIsCompared() {
        assertEquals(List.of(BROW, SMILE), PersonUsual.units(request(3000, null)));
        assertNull(PersonUsual.arousal(request(3000, null)));
    }

    @Test
    void relativeUnitsGetTheirUsualValueFromFiveClipsOn() {
        assertEquals(List.of(BROW, SMILE), PersonUsual.units(request(3000, baseline(4))));
        InferenceRequest request = request(3000, baseline(5));
        MeasuredUnit usual = MeasuredUnit.newBuilder(BROW).setUsual(0.25f).build();
        assertEquals(List.of(usual, SMILE), PersonUsual.units(request));
        assertNull(request.getVisual().getFace().getUnits().get(0).getUsual(), "the request stays as it is");
    }

    /** The F0 lies 14 semitones above the usual: three deviations of 4.6, weight 0.37. */
    @Test
    void theVoiceIsComparedWithItsUsual() {
        VoiceArousal raised = PersonUsual.arousal(request(3000, baseline(40)));
        assertEquals(ArousalLevel.RAISED, raised.getLevel());
        assertEquals(1 / (1 + Math.exp(-0.37 * 14 / 4.6)), raised.getProbability(), 0.01);
        assertEquals(40, raised.getClips());
        assertEquals(120f, raised.getSpeechSeconds());
        VoiceArousal unknown = PersonUsual.arousal(request(900, baseline(40)));
        assertEquals(ArousalLevel.CANNOT_TELL, unknown.getLevel());
        assertNull(unknown.getProbability());
    }
}
