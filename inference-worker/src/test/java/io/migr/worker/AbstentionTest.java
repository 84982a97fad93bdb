package io.migr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.Analysis;
import io.migr.model.ClipAnalyser.Batch;
import io.migr.model.ClipInput;
import io.migr.model.ModalityImportance;
import io.migr.model.ModalityImportance.Estimator;
import io.migr.model.cues.ClipCues;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.ClipId;
import io.migr.schemas.Dominance;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionProbability;
import io.migr.schemas.EvidenceDecomposition;
import io.migr.schemas.FaceCues;
import io.migr.schemas.Frame;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.MeasuredUnit;
import io.migr.schemas.SpeechSpan;
import io.migr.schemas.VisualFeatures;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoicedEvent;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which requests are not answered, and what their results hold. */
class AbstentionTest {
    static {
        AvroSafety.set();
    }

    private static final ClipId CLIP = new ClipId("call", "ann", 0L);
    private static final VoiceCues SILENCE = voice(List.of(), List.of());
    private static final VoiceCues SPEECH = voice(List.of(new SpeechSpan(100, 900)), List.of());
    private static final VoiceCues CRY = voice(List.of(), List.of(new VoicedEvent(100, 900, 30f, 20f, 0f)));

    private static VoiceCues voice(List<SpeechSpan> speech, List<VoicedEvent> events) {
        return VoiceCues.newBuilder()
                .setMeasuredBy("test")
                .setDurationMs(1000)
                .setVoiceActivity(speech.isEmpty() ? 0 : 0.8f)
                .setSpeech(speech)
                .setEvents(events)
                .build();
    }

    private static FaceCues face(String absentReason) {
        return FaceCues.newBuilder()
                .setAbsentReason(absentReason)
                .setUnits(absentReason == null ? List.of(new MeasuredUnit(12, 0.9f, 0.8f, false, null)) : List.of())
                .build();
    }

    private static InferenceRequest request(FaceCues face, VoiceCues voice) {
        return InferenceRequest.newBuilder()
                .setClip(CLIP)
                .setStartMs(0)
                .setDurationMs(1000)
                .setCapturedAt(Instant.EPOCH)
                .setVisual(VisualFeatures.newBuilder()
                        .setClip(CLIP)
                        .setStartMs(0)
                        .setDurationMs(1000)
                        .setCapturedAt(Instant.EPOCH)
                        .setPresent(true)
                        .setFrames(List.of())
                        .setFace(face)
                        .build())
                .setAudio(AudioFeatures.newBuilder()
                        .setClip(CLIP)
                        .setStartMs(0)
                        .setDurationMs(1000)
                        .setCapturedAt(Instant.EPOCH)
                        .setPresent(true)
                        .setMelFrames(0)
                        .setLogMel(ByteBuffer.allocate(0))
                        .setVoice(voice)
                        .build())
                .build();
    }

    @Test
    void withoutAUsableFaceTheReasonSaysWhatIsMissing() {
        assertNull(Abstention.reason(request(face(null), SILENCE)));
        assertNull(Abstention.reason(request(face(null), SPEECH)));
        assertEquals(
                "no face was found; nobody speaks", Abstention.reason(request(face("no face was found"), SILENCE)));
        assertEquals(
                "the face is turned away; a voice alone tells too little",
                Abstention.reason(request(face("the face is turned away"), SPEECH)));
        assertEquals(
                "no face was found; a voice alone tells too little",
                Abstention.reason(request(face("no face was found"), CRY)));
    }

    @Test
    void aHalfThatIsNotThereHasNoFaceEither() {
        InferenceRequest noTrack = request(face("there is no picture"), SPEECH);
        noTrack.getVisual().setPresent(false);
        noTrack.getVisual().setAbsentReason("there is no video track");
        assertEquals("there is no video track; a voice alone tells too little", Abstention.reason(noTrack));
        InferenceRequest lost = request(null, SPEECH);
        lost.setVisual(null);
        lost.setVisualMissing("no visual half came within 15000 ms");
        assertEquals("no visual half came within 15000 ms; a voice alone tells too little", Abstention.reason(lost));
        InferenceRequest mute = request(face("no face was found"), null);
        mute.setAudio(null);
        assertEquals("no face was found; nobody speaks", Abstention.reason(mute));
    }

    @Test
    void requestsFromBeforeFacesWereMeasuredAreAnswered() {
        assertNull(Abstention.reason(request(null, null)));
        InferenceRequest voiceAlone = request(null, null);
        voiceAlone.setVisual(null);
        voiceAlone.setVisualMissing("there is no video track");
        assertNull(Abstention.reason(voiceAlone));
    }

    @Test
    void aModelThatNeedsMediaAbstainsWhereTheTopicsCarryNone() {
        String reason = "the topics carry no media, and model fake-1 needs it (features.carry)";
        Fakes.Analyser needing = new Fakes.Analyser();
        assertEquals(reason, Abstention.reason(request(face(null), SPEECH), needing));
        assertEquals(reason, Abstention.reason(request(face("no face was found"), SPEECH), needing));
        assertNull(Abstention.reason(request(face(null), SPEECH), new Fakes.Analyser("fake-1", false)));
        InferenceRequest seen = request(face(null), SPEECH);
        seen.getVisual().setFrames(List.of(new Frame(0, ByteBuffer.allocate(1))));
        assertNull(Abstention.reason(seen, needing));
    }

    @Test
    void anAbstainedResultHoldsTheCuesAndThePriorAndNothingElse() {
        EmotionPrediction prediction = prediction(request(face("no face was found"), SPEECH));
        assertTrue(prediction.getAbstained());
        assertEquals("no face was found; a voice alone tells too little", prediction.getAbstainedReason());
        assertEquals(Emotion.UNKNOWN, prediction.getEmotion());
        assertEquals(Emotion.UNKNOWN, prediction.getExplanationEmotion());
        assertEquals(Dominance.UNKNOWN, prediction.getImportance().getDominant());
        assertEquals(0.5f, prediction.getProbabilities().get(0).getProbability());
        assertEquals(SPEECH, prediction.getVoice());
        EmotionExplanation explanation =
                ResultRecords.noExplanation(request(face("no face was found"), SPEECH), "test");
        assertEquals(List.of(), explanation.getSteps());
        assertEquals(Emotion.UNKNOWN, explanation.getAnswer());
    }

    private static ClipInput cues() {
        return ClipInput.of(new ClipCues(face(null), SILENCE, null).reading());
    }

    private static Analysis probable(float sad) {
        Analysis one = Fakes.analysis();
        return new Analysis(
                one.emotion(),
                Map.of(io.migr.model.Emotion.SAD, sad, io.migr.model.Emotion.FEAR, 1 - sad),
                one.prior(),
                one.importance(),
                List.of(),
                one.explanation(),
                null,
                null);
    }

    @Test
    void aModelOfCuesGivesNoEmotionThatIsHardlyProbable() {
        assertNull(Abstention.weakness(cues(), probable(0.67f)));
        assertEquals("the most probable, sad, has only 59 %", Abstention.weakness(cues(), probable(0.599f)));
        ClipInput media = new ClipInput(List.of(new byte[1]), null, false);
        assertNull(Abstention.weakness(media, probable(0.3f)));
    }

    @Test
    void aResultWithoutAProbableEmotionHoldsTheProbabilitiesOfTheClip() {
        InferenceRequest request = request(face(null), SILENCE);
        Analysis weak = probable(0.55f);
        EmotionPrediction prediction = ResultRecords.prediction(
                request, weak, io.migr.model.Emotion.SAD, new Batch(List.of(weak), 1, 2, 3, 4), 0, "test");
        io.migr.schemas.ModalityImportance importance = prediction.getImportance();
        ResultRecords.giveNoEmotion(prediction, "weak");
        assertTrue(prediction.getAbstained());
        assertEquals(Emotion.UNKNOWN, prediction.getEmotion());
        assertEquals(
                Set.of(0.55f, 0.45f),
                prediction.getProbabilities().stream()
                        .map(EmotionProbability::getProbability)
                        .collect(Collectors.toSet()));
        assertEquals(importance, prediction.getImportance());
    }

    @Test
    void anAnsweredResultHoldsAllMeasuredUnits() {
        EmotionPrediction prediction = prediction(request(face(null), SILENCE));
        assertFalse(prediction.getAbstained());
        assertNull(prediction.getAbstainedReason());
        assertEquals(Emotion.SAD, prediction.getEmotion());
        assertEquals(List.of(new MeasuredUnit(12, 0.9f, 0.8f, false, null)), prediction.getMeasuredUnits());
    }

    /** v -2, -2, -0.3, -0.3: the voice alone tells 1.7 nats. */
    @Test
    void aResultHoldsWhatTheEvidenceConsistsOf() {
        EvidenceDecomposition evidence =
                prediction(request(face(null), SILENCE)).getImportance().getDecomposition();
        assertEquals(new EvidenceDecomposition(0f, 1.7f, 0f, 0f, 1.7f), evidence);
        EvidenceDecomposition nothing = prediction(request(face("no face was found"), SPEECH))
                .getImportance()
                .getDecomposition();
        assertEquals(new EvidenceDecomposition(0f, 0f, 0f, 0f, 0f), nothing);
    }

    /** The text of the fake starts with the voice. */
    @ParameterizedTest
    @CsvSource({"VISUAL, false", "AUDIO, true", "BALANCED, true", "NEITHER, true"})
    void whereNothingLeadsEitherBlockMayComeFirst(io.migr.model.Dominance dominant, boolean follows) {
        Analysis one = Fakes.analysis();
        ModalityImportance importance =
                new ModalityImportance(-2, -2, -2, -2, 0.5f, dominant, Estimator.EVIDENCE_HEADS, true);
        Analysis analysis = new Analysis(
                one.emotion(), one.probabilities(), one.prior(), importance, List.of(), one.explanation(), null, null);
        InferenceRequest request = request(face(null), SPEECH);
        assertEquals(
                follows, ResultRecords.explanation(request, analysis, "test").getFollowsImportance());
        EmotionPrediction prediction =
                ResultRecords.prediction(request, analysis, null, new Batch(List.of(analysis), 1, 2, 3, 4), 0, "test");
        assertEquals(dominant.name(), prediction.getImportance().getDominant().name());
    }

    private static EmotionPrediction prediction(InferenceRequest request) {
        EmotionPrediction prediction = ResultRecords.prediction(
                request,
                Fakes.analysis(),
                io.migr.model.Emotion.SAD,
                new Batch(List.of(Fakes.analysis()), 1, 2, 3, 4),
                0,
                "test");
        String reason = Abstention.reason(request);
        if (reason != null) {
            ResultRecords.abstain(prediction, Fakes.analysis(), reason);
        }
        return prediction;
    }
}
