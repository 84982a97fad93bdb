package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.integration.Committed.DeadLetter;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Consent;
import io.migr.schemas.Dominance;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Modality;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingExample;
import io.migr.schemas.VisualFeatures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sends good and bad input through streams and worker, each in its own process, on the real broker. */
@Tag("slow")
@ExtendWith(SharedBroker.class)
@TestInstance(Lifecycle.PER_CLASS)
class PipelineTest {
    private static final Duration LONGEST = Duration.ofMinutes(4);

    private Configuration configuration;
    private KafkaClients clients;
    private ServiceProcess streams;
    private ServiceProcess worker;
    private byte[] media;

    @BeforeAll
    void start(Broker broker) throws Exception {
        configuration = broker.configuration(
                "pipeline", Map.of(Key.STREAMS_PAIR_WAIT_MS, "1500", Key.STREAMS_LABEL_WAIT_MS, "3000"));
        clients = Broker.clients(configuration);
        streams = ServiceProcess.start("streams", configuration);
        worker = ServiceProcess.start("worker", configuration);
        media = Clips.mp4(4);
        streams.awaitReady();
        worker.awaitReady();
    }

    @AfterAll
    void stop() throws InterruptedException {
        worker.close();
        streams.close();
    }

    @Test
    void eachBadInputBecomesOneDeadLetterAndAffectsNothingElse() throws Exception {
        Set<String> good = new TreeSet<>();
        Map<String, String> reasons = new HashMap<>();
        try (Clips clips = new Clips(clients);
                Committed committed = new Committed(clients)) {
            committed.poll();
            good.add(clips.send("good", 0, media));
            reasons.put(clips.send("empty", 0, new byte[0]), "empty");
            byte[] random = new byte[5000];
            new Random(1).nextBytes(random);
            reasons.put(clips.send("random", 0, random), "");
            reasons.put(clips.send("cut", 0, Arrays.copyOf(media, 2000)), "");
            reasons.put(clips.send("playlist", 0, text("#EXTM3U\n#EXTINF:4,\nfile:///etc/passwd\n")), "");
            reasons.put(clips.send("concat", 0, text("ffconcat version 1.0\nfile 'http://127.0.0.1:1/x.mp4'\n")), "");
            clips.send(Clips.segment(new ClipId("call", "silent", 0L), media, Consent.UNSPECIFIED));
            reasons.put("call/silent/0", "consent");
            clips.send(Clips.segment(new ClipId("call", "good", 0L), media, Consent.GRANTED)); // a duplicate
            String topic = clients.name(Topic.CLIPS);
            clips.send(topic, "call/garbage", new byte[] {0, 0, 0, 0, 99, 1, 2, 3});
            clips.send(topic, "call/plain", text("{\"not\":\"avro\"}"));
            byte[] whole = clients.serde(io.migr.schemas.ClipSegment.class)
                    .serializer()
                    .serialize(topic, Clips.segment(new ClipId("call", "keyless", 0L), media, Consent.GRANTED));
            clips.send(topic, null, whole);
            good.add(clips.send("good", 1, media));
            List<String> unnamed = List.of("call/garbage", "call/plain", "call/keyless/0");
            committed.until(
                    () -> committed.predicted("call/good/").containsAll(good)
                            && reasons.keySet().stream().allMatch(committed::dead)
                            && unnamed.stream().allMatch(committed::dead),
                    LONGEST);
            assertEquals(List.copyOf(good), committed.predicted("call/good/"));
            Map<String, String> dead = new HashMap<>();
            for (DeadLetter letter : committed.deadLetters) {
                assertFalse(letter.reason().isBlank(), "a dead letter gives a reason");
                dead.put(letter.clip() == null ? letter.key() : letter.clip(), letter.reason());
            }
            reasons.forEach((clip, word) ->
                    assertTrue(dead.containsKey(clip) && dead.get(clip).contains(word), clip + ": " + dead.get(clip)));
            assertFalse(dead.containsKey("call/good/0"), "the duplicate is no failure: " + dead);
            assertTrue(dead.containsKey("call/garbage") && dead.containsKey("call/plain"), dead.toString());
            assertTrue(dead.get("call/keyless/0").contains("key"), dead.toString());
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** And a clip that nothing tells an emotion of has none. */
    @Test
    void explanationsStartWithTheLeadingModality() throws Exception {
        try (Clips clips = new Clips(clients);
                Committed committed = new Committed(clients)) {
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                sent.add(clips.send("spoken", i, Clips.mp4(i)));
            }
            committed.until(
                    () -> committed.predicted("call/spoken/").equals(sent)
                            && committed.explanations.stream()
                                            .filter(one -> one.getClip()
                                                    .getParticipantId()
                                                    .equals("spoken"))
                                            .count()
                                    == sent.size(),
                    LONGEST);
            Map<String, EmotionPrediction> predictions = new HashMap<>();
            Map<String, EmotionExplanation> explanations = new HashMap<>();
            committed.predictions.forEach(one -> predictions.put(ClipKey.name(one.getClip()), one));
            committed.explanations.forEach(one -> explanations.put(ClipKey.name(one.getClip()), one));
            int answered = 0;
            for (String clip : sent) {
                Dominance dominant = predictions.get(clip).getImportance().getDominant();
                EmotionExplanation explanation = explanations.get(clip);
                assertEquals(predictions.get(clip).getModelVersion(), explanation.getModelVersion());
                if (predictions.get(clip).getAbstained()) {
                    assertEquals(List.of(), explanation.getSteps(), clip);
                    continue;
                }
                answered++;
                assertEquals(3, explanation.getSteps().size());
                Modality first = explanation.getSteps().get(0).getModality();
                assertTrue(
                        dominant == Dominance.BALANCED || first.name().equals(dominant.name()),
                        clip + ": " + dominant + " leads, but the explanation starts with " + first);
            }
            assertTrue(answered > 0, predictions.toString());
        }
    }

    /** Features written by a user's own extractor: in either order, one half alone, one half late. */
    @Test
    void halvesArePairedInAnyOrderAndALoneHalfIsAnswered() throws Exception {
        try (Clips clips = new Clips(clients);
                Committed committed = new Committed(clients)) {
            clips.send("source", 0, media);
            VisualFeatures seen = FirstRecord.of(clients, Topic.VISUAL_FEATURES, VisualFeatures.class, "call/source");
            seen.setClipOffset(null); // the split step did not write what follows
            AudioFeatures heard = FirstRecord.of(clients, Topic.AUDIO_FEATURES, AudioFeatures.class, "call/source");
            heard.setClipOffset(null);
            send(clips, VisualFeatures.newBuilder(seen).setClip(id(0)).build());
            send(clips, AudioFeatures.newBuilder(heard).setClip(id(0)).build());
            send(clips, AudioFeatures.newBuilder(heard).setClip(id(1)).build());
            send(clips, VisualFeatures.newBuilder(seen).setClip(id(1)).build());
            send(clips, VisualFeatures.newBuilder(seen).setClip(id(2)).build());
            List<String> edge = List.of("call/edge/0", "call/edge/1", "call/edge/2");
            committed.until(() -> committed.predicted("call/edge/").equals(edge), LONGEST);
            List<EmotionPrediction> own = committed.predictions.stream()
                    .filter(one -> one.getClip().getParticipantId().equals("edge"))
                    .toList();
            assertEquals(null, own.get(0).getMissingModality());
            assertEquals(own.get(0).getEmotion(), own.get(1).getEmotion());
            assertTrue(own.get(2).getMissingModality() != null, "the lone half is answered, and says what is missing");
            assertEquals(1, own.get(2).getImportance().getVisualShare());

            send(clips, AudioFeatures.newBuilder(heard).setClip(id(2)).build()); // too late
            committed.until(() -> committed.dead("call/edge/2"), LONGEST);
            assertEquals(edge, committed.predicted("call/edge/"));
        }
    }

    /** Labels as any client writes them: for an analysed clip, for an unknown clip, and a correction. */
    @Test
    void labelsBecomeExamplesWithTheirRequestAndPrediction() throws Exception {
        try (Clips clips = new Clips(clients);
                Committed committed = new Committed(clients)) {
            String clip = clips.send("taught", 0, media);
            committed.until(() -> committed.predicted("call/taught/").equals(List.of(clip)), LONGEST);
            clips.label(new ClipId("call", "taught", 0L), "ann", Emotion.SAD);
            clips.label(new ClipId("call", "taught", 1L), "ann", Emotion.SAD);
            TrainingExample first =
                    FirstRecord.of(clients, Topic.TRAINING_EXAMPLES, TrainingExample.class, "call/taught");
            assertEquals(Emotion.SAD, first.getEmotion());
            assertEquals(
                    FirstRecord.of(clients, Topic.INFERENCE_REQUESTS, InferenceRequest.class, "call/taught"),
                    first.getRequest());
            assertEquals(
                    FirstRecord.of(clients, Topic.PREDICTIONS, EmotionPrediction.class, "call/taught"),
                    first.getPrediction());
            committed.until(() -> committed.dead("call/taught"), LONGEST);
            String reason = committed.deadLetters.stream()
                    .filter(letter -> "call/taught".equals(letter.key()))
                    .findFirst()
                    .orElseThrow()
                    .reason();
            assertTrue(reason.startsWith("Clip call/taught/1 is not known"), reason);
            clips.label(new ClipId("call", "taught", 0L), "ann", Emotion.HAPPY);
            TrainingExample corrected = FirstRecord.of(
                    clients,
                    Topic.TRAINING_EXAMPLES,
                    TrainingExample.class,
                    "call/taught",
                    example -> example.getEmotion() == Emotion.HAPPY);
            assertEquals(1, corrected.getLabels().size(), "a correction replaces the label it corrects");

            String late = clips.send("taught", 1, media);
            committed.until(() -> committed.predicted("call/taught/").contains(late), LONGEST);
            migr("dead-letters", "retry", "--topic", "feedback", "--reason", late);
            TrainingExample retried = FirstRecord.of(
                    clients,
                    Topic.TRAINING_EXAMPLES,
                    TrainingExample.class,
                    "call/taught",
                    example -> example.getClip().getSequence() == 1);
            assertEquals(Emotion.SAD, retried.getEmotion());

            deleteAll(Topic.INFERENCE_REQUESTS);
            int before = committed.deadLetters.size();
            clips.label(new ClipId("call", "taught", 1L), "ann", Emotion.HAPPY);
            committed.until(() -> committed.deadLetters.size() > before, LONGEST);
            String gone = committed.deadLetters.get(before).reason();
            assertTrue(gone.contains("is no longer kept"), gone);
        }
    }

    /** Deletes all records, as retention would. */
    private void deleteAll(Topic topic) throws Exception {
        String name = clients.name(topic);
        try (Admin admin = clients.admin()) {
            Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
            for (int partition = 0; partition < configuration.number(Key.TOPIC_PARTITIONS); partition++) {
                all.put(new TopicPartition(name, partition), RecordsToDelete.beforeOffset(-1));
            }
            admin.deleteRecords(all).all().get();
        }
    }

    /** Runs a command in a separate process. */
    private void migr(String... words) throws Exception {
        List<String> command = new ArrayList<>(ServiceProcess.java("-Xmx300m"));
        command.addAll(List.of(words));
        command.addAll(ServiceProcess.flags(configuration));
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertEquals(0, process.waitFor());
    }

    private static ClipId id(long sequence) {
        return new ClipId("call", "edge", sequence);
    }

    private void send(Clips clips, VisualFeatures half) throws InterruptedException {
        String topic = clients.name(Topic.VISUAL_FEATURES);
        clips.send(
                topic,
                ClipKey.of(half.getClip()),
                clients.serde(VisualFeatures.class).serializer().serialize(topic, half));
    }

    private void send(Clips clips, AudioFeatures half) throws InterruptedException {
        String topic = clients.name(Topic.AUDIO_FEATURES);
        clips.send(
                topic,
                ClipKey.of(half.getClip()),
                clients.serde(AudioFeatures.class).serializer().serialize(topic, half));
    }
}
