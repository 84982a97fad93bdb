package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.corpus.Capture;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.Split;
import io.migr.corpus.people.PeopleClip;
import io.migr.model.Emotion;
import io.migr.perception.ClipPerception;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionProbability;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import io.migr.schemas.TrainingProgress;
import io.migr.schemas.TrainingStage;
import io.migr.trainer.feedback.LabelledClip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the whole learning cycle under the defaults: drawn persons who are sad or angry, whom the shipped model misreads,
 * are measured, and some are labelled; a round is promoted, the worker swaps models, replay reports what changed, and the
 * promotion is rolled back. Every service runs in its own process.
 */
@Tag("long")
@ExtendWith(SharedBroker.class)
class StoryTest {
    private static final Duration LONGEST = Duration.ofMinutes(12);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Emotions that the shipped model does not recognise in drawn faces, which it was not trained on. */
    private static final Set<Emotion> KIND = Set.of(Emotion.SAD, Emotion.ANGRY);

    private static final int TAUGHT = 120;
    private static final int HELD_OUT = 30;
    private static final int UNSEEN = 40;
    private static final int PARTICIPANTS = 4;

    @TempDir
    Path folder;

    /** A clip whose emotion is known, as it was measured. */
    private record Drawn(Emotion emotion, InferenceRequest request) {}

    private final Map<String, Emotion> truth = new HashMap<>();
    private final Set<String> sent = new HashSet<>();
    private final Map<String, Long> next = new HashMap<>();
    private Configuration configuration;
    private KafkaClients clients;

    private void configure(Broker broker) {
        configuration = broker.configuration(
                "story",
                Map.ofEntries(
                        Map.entry(Key.MODELS_STORE, folder.resolve("store").toString()),
                        Map.entry(Key.TRAINER_GROUP, "story-trainer"),
                        Map.entry(Key.TRAINER_FOLDER, folder.resolve("rounds").toString()),
                        Map.entry(Key.TRAINER_NEW_EXAMPLES, "100000"),
                        Map.entry(Key.TRAINER_REHEARSAL_CLIPS, "160"),
                        Map.entry(Key.TRAINER_STEPS, "40"),
                        Map.entry(Key.TRAINER_REWARD_STEPS, "1"),
                        Map.entry(Key.TRAINER_VALIDATION_CLIPS, "80")));
        clients = Broker.clients(configuration);
    }

    /** The next unused clip name of a call. */
    private ClipId name(String call) {
        long number = next.merge(call, 1L, Long::sum) - 1;
        return new ClipId(call, "p" + number % PARTICIPANTS, number / PARTICIPANTS);
    }

    private void send(Clips clips, ClipId clip, Drawn drawn) throws InterruptedException {
        String topic = clients.name(Topic.INFERENCE_REQUESTS);
        truth.put(ClipKey.name(clip), drawn.emotion());
        sent.add(ClipKey.name(clip));
        InferenceRequest request =
                InferenceRequest.newBuilder(drawn.request()).setClip(clip).build();
        clips.send(
                topic,
                ClipKey.of(clip),
                clients.serde(InferenceRequest.class).serializer().serialize(topic, request));
    }

    /** Measures {@code count} drawn clips of a split that show one of some emotions. */
    private static List<Drawn> draw(Split split, int from, int count, Set<Emotion> emotions) {
        List<Long> seeds = IntStream.iterate(from, i -> i + 1)
                .mapToObj(split::seed)
                .filter(seed -> emotions.contains(ClipTruth.of(seed).label()))
                .limit(count)
                .toList();
        try (ClipPerception perception = new ClipPerception(true)) {
            ClipId nobody = new ClipId("drawn", "nobody", 0L);
            return seeds.parallelStream()
                    .map(seed -> new Drawn(
                            ClipTruth.of(seed).label(), Labelled.measured(nobody, seed, Capture.CLEAN, perception)))
                    .toList();
        }
    }

    /** Clips of the kind that the shipped model was trained on. */
    private static List<Drawn> inCueSpace() {
        ClipId nobody = new ClipId("drawn", "nobody", 0L);
        return IntStream.range(0, UNSEEN)
                .mapToObj(i -> PeopleClip.of(Split.TEST.seed(i)))
                .map(clip -> new Drawn(clip.label(), Labelled.request(nobody, clip)))
                .toList();
    }

    private void send(Clips clips, String call, List<Drawn> drawn) throws InterruptedException {
        for (Drawn one : drawn) {
            send(clips, name(call), one);
        }
    }

    /** Sends {@link #TAUGHT} clips to learn from and {@link #HELD_OUT} held-out ones; returns the file of labels. */
    private Path sendLabelled(Clips clips) throws IOException, InterruptedException {
        List<Drawn> drawn = draw(Split.RL, 0, TAUGHT + HELD_OUT, KIND);
        StringBuilder table = new StringBuilder("clip,emotion,annotator\n");
        int[] missing = {TAUGHT, HELD_OUT};
        for (int used = 0; used < drawn.size(); ) {
            ClipId clip = name("hard");
            int side = LabelledClip.heldOut(ClipKey.name(clip)) ? 1 : 0;
            if (missing[side] > 0) {
                missing[side]--;
                Drawn one = drawn.get(used++);
                send(clips, clip, one);
                table.append(ClipKey.name(clip))
                        .append(',')
                        .append(one.emotion().word())
                        .append(",ann\n");
            }
        }
        return Files.writeString(folder.resolve("labels.csv"), table);
    }

    /** The share of a call's clips whose most probable emotion is the true one, given or not. */
    private double accuracy(Committed committed, String call) {
        int right = 0;
        int all = 0;
        for (EmotionPrediction one : committed.predictions) {
            if (one.getClip().getCallId().equals(call)) {
                all++;
                Emotion expected = truth.get(ClipKey.name(one.getClip()));
                right += one.getProbabilities().stream()
                                .max(Comparator.comparing(EmotionProbability::getProbability))
                                .filter(best -> best.getEmotion().name().equals(expected.name()))
                                .isPresent()
                        ? 1
                        : 0;
            }
        }
        assertEquals(sent.stream().filter(name -> name.startsWith(call + "/")).count(), all, call);
        return right / (double) all;
    }

    /** Sends clips one at a time until a given version analyses one. */
    private void sendUntil(Committed committed, Clips clips, Drawn clip, String version) throws Exception {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (committed.predictions.isEmpty()
                || !committed
                        .predictions
                        .get(committed.predictions.size() - 1)
                        .getModelVersion()
                        .equals(version)) {
            assertTrue(System.nanoTime() < deadline, "no clip was analysed by " + version);
            send(clips, "between", List.of(clip));
            committed.await(sent.size(), LONGEST);
        }
    }

    private TrainingProgress round(Committed committed, Clips clips) throws Exception {
        try (Training following = new Training(clients);
                ServiceProcess trainer = ServiceProcess.start("trainer", configuration)) {
            trainer.awaitReady();
            committed.until(() -> committed.taught.size() >= TAUGHT + HELD_OUT, LONGEST);
            following.ask(clips);
            return following.await(Training.ENDED, LONGEST);
        }
    }

    @Test
    void aShiftedKindOfClipIsLearnedServedReplayedAndRolledBack(Broker broker) throws Exception {
        configure(broker);
        List<Drawn> hard = draw(Split.TEST, 0, UNSEEN, KIND);
        List<Drawn> usual = inCueSpace();
        try (ServiceProcess streams = ServiceProcess.start("streams", configuration);
                ServiceProcess worker = ServiceProcess.start("worker", configuration);
                Clips clips = new Clips(clients);
                Committed committed = new Committed(clients)) {
            Path labels = sendLabelled(clips);
            send(clips, "hard-before", hard);
            send(clips, "usual-before", usual);
            streams.awaitReady();
            worker.awaitReady();
            committed.await(sent.size(), LONGEST);
            String parent = committed.predictions.get(0).getModelVersion();
            ServiceProcess.migr(configuration, "label", "--file", labels.toString());

            TrainingProgress end = round(committed, clips);
            assertEquals(TrainingStage.PROMOTED, end.getStage(), end.getText());
            assertTrue(end.getText().contains("war of feedback"), end.getText());
            String version = end.getRound();
            sendUntil(committed, clips, usual.get(0), version);
            send(clips, "hard-after", hard);
            send(clips, "usual-after", usual);
            committed.await(sent.size(), LONGEST);
            String report = String.format(
                    Locale.ROOT,
                    "%s; unseen clips of that kind %.0f -> %.0f %%, of the usual kind %.0f -> %.0f %%",
                    end.getText(),
                    100 * accuracy(committed, "hard-before"),
                    100 * accuracy(committed, "hard-after"),
                    100 * accuracy(committed, "usual-before"),
                    100 * accuracy(committed, "usual-after"));
            System.out.println(report);
            assertTrue(accuracy(committed, "hard-after") >= accuracy(committed, "hard-before") + 0.1, report);
            assertTrue(accuracy(committed, "usual-after") >= accuracy(committed, "usual-before") - 0.1, report);

            // what the new version would have answered earlier
            String page = folder.resolve("page").toString();
            ServiceProcess.migr(
                    configuration,
                    "replay",
                    "--call",
                    "hard",
                    "--model",
                    version,
                    "--against",
                    "recorded",
                    "--out",
                    page);
            JsonNode replay = JSON.readTree(Path.of(page, "replay.json").toFile());
            assertEquals(TAUGHT + HELD_OUT, replay.path("clips").asInt(), replay.toString());
            assertEquals(TAUGHT + HELD_OUT, replay.path("labelled").asInt(), replay.toString());
            assertEquals(accuracy(committed, "hard"), replay.at("/before/war").asDouble(), 1e-9, replay.toString());
            assertTrue(replay.at("/after/war").asDouble()
                    >= replay.at("/before/war").asDouble() + 0.1);

            assertTrue(ServiceProcess.migr(configuration, "models", "rollback", "--why", "It is a test.")
                    .contains(parent));
            sendUntil(committed, clips, usual.get(0), parent);
            assertEquals(
                    List.of(),
                    ExactlyOnceChecker.violations(
                            sent, committed.seenPredictions(), committed.seenExplanations(), List.of()));
        }
    }
}
