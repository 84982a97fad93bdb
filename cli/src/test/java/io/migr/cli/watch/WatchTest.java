package io.migr.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.migr.cli.Migr;
import io.migr.cli.setup.LocalPlatform;
import io.migr.cli.setup.Services;
import io.migr.model.Analysis;
import io.migr.model.Block;
import io.migr.model.ClipAnalyser;
import io.migr.model.ClipInput;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.ModalityImportance;
import io.migr.model.ModalityImportance.Estimator;
import io.migr.model.ReasoningStep;
import io.migr.model.explain.ExplanationGrammar;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.models.FolderStore;
import io.migr.runtime.models.ModelVersionReader;
import io.migr.schemas.ArousalLevel;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.FinishReason;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.LogMelCodec;
import io.migr.schemas.ParticipantBaseline;
import io.migr.schemas.Prosody;
import io.migr.schemas.StageTimings;
import io.migr.schemas.Topic;
import io.migr.schemas.VoiceArousal;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceMeasure;
import io.migr.schemas.VoiceUsual;
import io.migr.worker.ModelSource;
import io.migr.worker.WorkerService;
import io.migr.worker.WorkerVerifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The output of watch for a worker with the shipped verifier and a model whose explanations are scripted. */
final class WatchTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The weighing blocks of clips 0, 1 and so on; prediction and answer are sad for all of them. */
    private static final List<String> WEIGHINGS = List.of(
            "the voice leads here. the whole reads as sad.",
            "the voice leads here. the whole reads as fear.",
            "the voice leads here. the whole is not fear but sad.",
            "the voice leads here. the voice counts most.");

    @TempDir
    static Path folder;

    private static LocalPlatform platform;

    @BeforeAll
    static void serve() throws InterruptedException {
        Configuration asked = Configuration.of(
                Map.of("embedded.kafka.port", "0", "embedded.registry.port", "0", "topic.partitions", "1"));
        platform = LocalPlatform.start(asked, folder.resolve("kafka"));
        KafkaClients clients = platform.clients();
        try (WorkerService worker = new WorkerService(
                platform.configuration(),
                clients,
                new ModelSource(
                        () -> new ModelVersionReader(clients),
                        new FolderStore(folder.resolve("models")),
                        stored -> new Scripted(),
                        true),
                () -> WorkerVerifier.open(platform.configuration()),
                new SimpleMeterRegistry())) {
            Services.start(List.of(worker), Duration.ofSeconds(60));
            send(clients);
            try (ResultReader reader = new ResultReader(clients, true)) {
                long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
                for (int seen = 0; seen < WEIGHINGS.size(); ) {
                    seen += reader.poll(Duration.ofMillis(100)).size();
                    assertTrue(System.nanoTime() < deadline && worker.failure() == null, seen + " results arrived");
                }
            }
        }
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    private static void send(KafkaClients clients) {
        String topic = clients.name(Topic.INFERENCE_REQUESTS);
        try (Producer<String, byte[]> producer = clients.producer(null)) {
            for (int i = 0; i < WEIGHINGS.size(); i++) {
                InferenceRequest request = request(i);
                byte[] value =
                        clients.serde(InferenceRequest.class).serializer().serialize(topic, request);
                producer.send(new ProducerRecord<>(topic, ClipKey.of(request.getClip()), value));
            }
        }
    }

    /** A request whose log-mel holds only the number of the clip, so that the model can tell which clip it is. */
    private static InferenceRequest request(int clip) {
        float[][] logMel = new float[128][1];
        for (float[] bin : logMel) {
            bin[0] = clip;
        }
        ClipId id = new ClipId("call", "ann", (long) clip);
        AudioFeatures audio = AudioFeatures.newBuilder()
                .setClip(id)
                .setStartMs(0)
                .setDurationMs(20)
                .setCapturedAt(Instant.EPOCH)
                .setPresent(true)
                .setMelFrames(1)
                .setLogMel(LogMelCodec.encode(logMel))
                .setProsody(new Prosody(0.4f, 120f, 3f, -20f, 4f, 0.1f, 1f))
                .build();
        return InferenceRequest.newBuilder()
                .setClip(id)
                .setStartMs(0)
                .setDurationMs(20)
                .setCapturedAt(Instant.EPOCH)
                .setAudio(audio)
                .setVisualMissing("there is no video track")
                .build();
    }

    /** Predicts sad, with the weighing block from {@link #WEIGHINGS}. */
    private static final class Scripted implements ClipAnalyser {
        @Override
        public String version() {
            return "scripted-1";
        }

        @Override
        public Batch analyse(List<ClipInput> clips) {
            return new Batch(
                    clips.stream()
                            .map(clip -> analysis(WEIGHINGS.get(number(clip))))
                            .toList(),
                    1,
                    1,
                    1,
                    1);
        }

        /** The number that the sound of a clip holds; any number for a clip that a worker tries its model on. */
        private static int number(ClipInput clip) {
            boolean own = clip.logMel() != null && clip.logMel()[0].length == 1;
            return own ? (int) clip.logMel()[0][0] : 0;
        }

        private static Analysis analysis(String weighing) {
            List<ReasoningStep> steps = List.of(
                    new ReasoningStep(Block.AUDIO, "the voice reads as sad.", Emotion.SAD),
                    new ReasoningStep(Block.VISUAL, "the face is out of view.", null),
                    new ReasoningStep(Block.WEIGHING, weighing, ExplanationGrammar.asserted(weighing, Emotion.DFEW)));
            return new Analysis(
                    Emotion.SAD,
                    Map.of(Emotion.SAD, 1f),
                    Map.of(Emotion.SAD, 1f),
                    new ModalityImportance(-2, -2, -0.3f, -0.3f, 0.1f, Dominance.AUDIO, Estimator.EVIDENCE_HEADS, true),
                    List.of(),
                    new Explanation(steps, Emotion.SAD, Finish.STOP, ExplanationGrammar.render(steps, Emotion.SAD)),
                    null,
                    null);
        }

        @Override
        public void close() {}
    }

    private static String watch(String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Migr.commandLine();
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        Configuration configuration = platform.configuration();
        List<String> words = new ArrayList<>(List.of(
                "watch",
                "--from-beginning",
                "--count",
                String.valueOf(WEIGHINGS.size()),
                "--timeout",
                "30",
                "--kafka-bootstrap-servers",
                configuration.text(Key.KAFKA_BOOTSTRAP_SERVERS),
                "--schema-registry-url",
                configuration.text(Key.SCHEMA_REGISTRY_URL),
                "--topic-partitions",
                "1"));
        words.addAll(List.of(options));
        assertEquals(0, line.execute(words.toArray(String[]::new)), err.toString());
        return out.toString();
    }

    @Test
    void marksExplanationsThatDoNotConcludeThePrediction() {
        String[] results = watch().split("\n\n");
        assertEquals(WEIGHINGS.size(), results.length, String.join("|", results));
        assertTrue(results[0].startsWith("call/ann/0  sad"), results[0]);
        assertFalse(results[0].contains("inconsistent"), results[0]);
        assertTrue(
                results[0].contains(
                        "face 10 %, voice 90 %: the voice leads\n    tells  1.70 nats: face alone 0.00, voice"
                                + " alone 1.70, either 0.00, only together 0.00\n"),
                results[0]);
        assertTrue(
                results[1].contains("\n    !      inconsistent: the explanation concludes fear, the prediction is sad"),
                results[1]);
        // the grammar cannot read this sentence, the verifier can
        assertFalse(results[2].contains("inconsistent"), results[2]);
        assertTrue(
                results[3].contains(
                        "\n    !      inconsistent: the explanation concludes no emotion, the prediction is sad"),
                results[3]);
    }

    @Test
    void jsonHasTheFlagAndTheEmotionOfTheExplanation() throws IOException {
        String[] lines = watch("--json").split("\n");
        List<Boolean> consistent = new ArrayList<>();
        List<String> says = new ArrayList<>();
        for (String line : lines) {
            JsonNode json = JSON.readTree(line);
            assertEquals("sad", json.path("emotion").asText());
            consistent.add(json.path("consistent").booleanValue());
            assertTrue(json.has("explanation_emotion"), line);
            assertEquals(
                    -0.3f, json.at("/modality_importance/log_probability/audio").floatValue());
            assertEquals(
                    1.7f, json.at("/modality_importance/evidence/unique_audio").floatValue());
            says.add(json.path("explanation_emotion").textValue());
        }
        assertEquals(List.of(true, false, true, false), consistent);
        assertEquals(java.util.Arrays.asList("sad", "fear", "sad", null), says);
    }

    @Test
    void anAbstainedClipIsOneLineThatSaysWhy() {
        EmotionPrediction prediction = EmotionPrediction.newBuilder()
                .setClip(new ClipId("call", "ann", 4L))
                .setStartMs(0)
                .setDurationMs(20)
                .setCapturedAt(Instant.EPOCH)
                .setEmotion(io.migr.schemas.Emotion.UNKNOWN)
                .setProbabilities(List.of())
                .setImportance(new io.migr.schemas.ModalityImportance(
                        -2f, -2f, -2f, -2f, 0.5f, io.migr.schemas.Dominance.UNKNOWN, "evidence-heads", true, null))
                .setActionUnits(List.of())
                .setExplanationEmotion(io.migr.schemas.Emotion.UNKNOWN)
                .setConsistent(true)
                .setModelVersion("scripted-1")
                .setTimings(new StageTimings(0f, 0f, 0f, 0f, 0f, 1))
                .setVoice(VoiceCues.newBuilder()
                        .setMeasuredBy("test")
                        .setDurationMs(20)
                        .setVoiceActivity(0.4f)
                        .setLevel(new VoiceMeasure(-20f, 1f, 0.7f))
                        .build())
                .setAbstained(true)
                .setAbstainedReason("no face was found; a voice alone tells too little")
                .build();
        EmotionExplanation explanation = EmotionExplanation.newBuilder()
                .setClip(prediction.getClip())
                .setSteps(List.of())
                .setAnswer(io.migr.schemas.Emotion.UNKNOWN)
                .setFollowsImportance(true)
                .setFinishReason(FinishReason.STOP)
                .setModelVersion("scripted-1")
                .build();
        ResultReader.Result result = new ResultReader.Result(prediction, explanation, null, null);
        assertEquals(
                "call/ann/4  cannot tell: no face was found; a voice alone tells too little\n",
                ResultPrinter.text(result));
        JsonNode json = ResultPrinter.json(result);
        assertTrue(json.path("abstained").booleanValue());
        assertEquals(
                "no face was found; a voice alone tells too little",
                json.path("abstained_reason").asText());
        assertEquals(0.4f, json.path("voice").path("speech_share").floatValue());
        assertEquals(-20f, json.path("voice").path("level").path("value").floatValue());
        assertTrue(json.path("voice").path("hnr").isNull());
        assertTrue(json.path("arousal").isNull() && json.path("baseline").isNull());
        assertTrue(json.path("explanation").isArray());
        assertTheUsualIsShown(result);
    }

    /** No line on the evidence for a record of before it. */
    @Test
    void aClipThatTellsNothingIsNotBalanced() {
        String text = ResultPrinter.text(result(io.migr.schemas.Dominance.NEITHER));
        assertEquals("call/ann/4  sad (0 %)  face 50 %, voice 50 %: neither tells\n", text);
        assertEquals(
                "neither",
                ResultPrinter.json(result(io.migr.schemas.Dominance.NEITHER))
                        .at("/modality_importance/dominant")
                        .asText());
    }

    private static ResultReader.Result result(io.migr.schemas.Dominance dominant) {
        EmotionPrediction prediction = EmotionPrediction.newBuilder()
                .setClip(new ClipId("call", "ann", 4L))
                .setStartMs(0)
                .setDurationMs(20)
                .setCapturedAt(Instant.EPOCH)
                .setEmotion(io.migr.schemas.Emotion.SAD)
                .setProbabilities(List.of())
                .setImportance(new io.migr.schemas.ModalityImportance(
                        -2f, -2f, -2f, -2f, 0.5f, dominant, "evidence-heads", true, null))
                .setActionUnits(List.of())
                .setExplanationEmotion(io.migr.schemas.Emotion.SAD)
                .setConsistent(true)
                .setModelVersion("scripted-1")
                .setTimings(new StageTimings(0f, 0f, 0f, 0f, 0f, 1))
                .build();
        EmotionExplanation explanation = EmotionExplanation.newBuilder()
                .setClip(prediction.getClip())
                .setSteps(List.of())
                .setAnswer(io.migr.schemas.Emotion.SAD)
                .setFollowsImportance(true)
                .setFinishReason(FinishReason.STOP)
                .setModelVersion("scripted-1")
                .build();
        return new ResultReader.Result(prediction, explanation, null, null);
    }

    private static void assertTheUsualIsShown(ResultReader.Result result) {
        EmotionPrediction prediction = result.prediction();
        prediction.setArousal(new VoiceArousal(ArousalLevel.RAISED, 0.75f, 8, 23.4f));
        prediction.setBaseline(ParticipantBaseline.newBuilder()
                .setVoice(new VoiceUsual(8, 23.4f, List.of()))
                .setPartial(true)
                .setSince(Instant.EPOCH)
                .build());
        assertTrue(
                ResultPrinter.text(result)
                        .endsWith(
                                "alone tells too little\n    voice sounds raised against the usual of this person, from"
                                        + " 23 s of own speech\n"),
                ResultPrinter.text(result));
        JsonNode json = ResultPrinter.json(result);
        assertEquals("raised", json.path("arousal").path("level").asText());
        assertEquals(0.75, json.path("arousal").path("probability").asDouble());
        assertEquals(8, json.path("baseline").path("voice_clips").asInt());
        assertEquals(0, json.path("baseline").path("face_clips").asInt());
        assertTrue(json.path("baseline").path("partial").booleanValue());
        prediction.getArousal().setLevel(ArousalLevel.CANNOT_TELL);
        assertFalse(ResultPrinter.text(result).contains("sounds"), "no word when nothing can be told");
    }
}
