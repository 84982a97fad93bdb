package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two workers in separate processes share the clips; one is killed and the other takes over. */
@Tag("long")
@ExtendWith(SharedBroker.class)
class TwoWorkersTest {
    private static final Path TINY = Path.of("").toAbsolutePath().resolveSibling("model/weights/tiny");
    private static final int PARTITIONS = 4;
    private static final int EACH = 10;
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final Duration TAKEOVER = Duration.ofSeconds(10);

    /** The minimum speed-up of two workers over one, on a machine with two cores that the broker shares. */
    private static final double FASTER = 1.1;

    private final Map<String, Long> next = new HashMap<>();
    private final Set<String> sent = new HashSet<>();

    @Test
    void loadIsSharedInOrderAndAKilledWorkersPartitionsAreTakenOver(Broker broker) throws Exception {
        // the model of pictures and sound keeps two cores busy; with that of cues broker and producer would be the
        // limit
        Configuration configuration = broker.configuration(
                "two",
                Map.of(
                        Key.MODEL_FOLDER,
                        TINY.toString(),
                        Key.FEATURES_CARRY,
                        "media",
                        Key.TOPIC_PARTITIONS,
                        String.valueOf(PARTITIONS),
                        Key.WORKER_BATCH_SIZE,
                        "4"));
        KafkaClients clients = Broker.clients(configuration);
        InferenceRequest request = request(configuration, clients);
        List<String> participants = participants();
        try (Committed committed = new Committed(clients);
                Clips clips = new Clips(clients);
                ServiceProcess first = ServiceProcess.start("worker", configuration)) {
            first.awaitReady();
            committed.until(() -> committed.predictions.size() == 1, LONGEST);
            double alone = Math.max(
                    rate(committed, clips, clients, request, participants),
                    rate(committed, clips, clients, request, participants));
            ServiceProcess second = ServiceProcess.start("worker", configuration);
            try {
                second.awaitReady();
                awaitShared(configuration, clients);
                double together = Math.max(
                        rate(committed, clips, clients, request, participants),
                        rate(committed, clips, clients, request, participants));
                System.out.printf(Locale.ROOT, "two workers are %.2f times as fast as one%n", together / alone);
                assertTrue(together > FASTER * alone, together + " clips/s together, " + alone + " alone");
                second.kill();
                long killed = System.nanoTime();
                int before = committed.predictions.size();
                send(clips, clients, request, participants, 1);
                committed.until(() -> committed.predictions.size() >= before + participants.size(), LONGEST);
                Duration took = Duration.ofNanos(System.nanoTime() - killed);
                System.out.println("the other worker took over within " + took.toMillis() + " ms");
                assertTrue(took.compareTo(TAKEOVER) <= 0, "taken over after " + took);
            } finally {
                second.close();
            }
            committed.await(sent.size(), LONGEST);
            assertEquals(
                    List.of(),
                    ExactlyOnceChecker.violations(
                            sent, committed.seenPredictions(), committed.seenExplanations(), List.of()));
            assertInOrder(committed.predictions);
        }
    }

    /** Lets the streams service make a request from a clip. */
    private InferenceRequest request(Configuration configuration, KafkaClients clients) throws Exception {
        try (ServiceProcess streams = ServiceProcess.start("streams", configuration);
                Clips clips = new Clips(clients);
                KafkaConsumer<String, byte[]> consumer = clients.consumer(null)) {
            streams.awaitReady();
            sent.add(clips.send("made", 0, Clips.mp4(0)));
            String topic = clients.name(Topic.INFERENCE_REQUESTS);
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(one -> new TopicPartition(topic, one.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + LONGEST.toNanos();
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    return clients.serde(InferenceRequest.class).deserializer().deserialize(topic, record.value());
                }
            }
            throw new AssertionError("the streams service made no request from the clip");
        }
    }

    /** Names of participants, two for each partition. */
    private static List<String> participants() {
        Map<Integer, List<String>> byPartition = new TreeMap<>();
        for (int i = 0; byPartition.values().stream().mapToInt(List::size).sum() < 2 * PARTITIONS; i++) {
            String key = ClipKey.of(new ClipId("call", "p" + i, 0L));
            int partition = Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % PARTITIONS;
            List<String> there = byPartition.computeIfAbsent(partition, p -> new ArrayList<>());
            if (there.size() < 2) {
                there.add("p" + i);
            }
        }
        return byPartition.values().stream().flatMap(List::stream).toList();
    }

    private double rate(
            Committed committed, Clips clips, KafkaClients clients, InferenceRequest request, List<String> participants)
            throws Exception {
        int before = committed.predictions.size();
        int count = EACH * participants.size();
        long start = System.nanoTime();
        send(clips, clients, request, participants, EACH);
        while (committed.predictions.size() < before + count) {
            committed.poll();
            assertTrue(System.nanoTime() - start < LONGEST.toNanos(), "only " + committed.predictions.size());
        }
        return count / ((System.nanoTime() - start) / 1e9);
    }

    private void send(Clips clips, KafkaClients clients, InferenceRequest request, List<String> participants, int each)
            throws Exception {
        String topic = clients.name(Topic.INFERENCE_REQUESTS);
        for (int i = 0; i < each; i++) {
            for (String participant : participants) {
                ClipId clip = new ClipId("call", participant, next.merge(participant, 1L, Long::sum));
                byte[] value = clients.serde(InferenceRequest.class)
                        .serializer()
                        .serialize(
                                topic,
                                InferenceRequest.newBuilder(request)
                                        .setClip(clip)
                                        .build());
                clips.send(topic, ClipKey.of(clip), value);
                sent.add(ClipKey.name(clip));
            }
        }
    }

    private static void awaitShared(Configuration configuration, KafkaClients clients) throws Exception {
        String group = configuration.text(Key.WORKER_GROUP);
        long deadline = System.nanoTime() + LONGEST.toNanos();
        try (Admin admin = clients.admin()) {
            List<Integer> owned;
            do {
                owned = admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                        .map(member -> member.assignment().topicPartitions().size())
                        .toList();
                assertTrue(System.nanoTime() < deadline, "the workers own " + owned + " partitions");
                Thread.sleep(100);
            } while (!owned.equals(List.of(PARTITIONS / 2, PARTITIONS / 2)));
        }
    }

    private static void assertInOrder(List<EmotionPrediction> predictions) {
        Map<String, Long> last = new HashMap<>();
        for (EmotionPrediction one : predictions) {
            String participant = one.getClip().getParticipantId();
            long sequence = one.getClip().getSequence();
            assertTrue(
                    sequence > last.getOrDefault(participant, -1L),
                    participant + " has " + sequence + " after " + last.get(participant));
            last.put(participant, sequence);
        }
    }
}
