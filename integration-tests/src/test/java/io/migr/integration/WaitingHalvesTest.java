package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.cli.setup.Services;
import io.migr.features.ClipFeatures;
import io.migr.perception.ClipPerception;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Consent;
import io.migr.schemas.Frame;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import io.migr.streams.FeatureRecords;
import java.io.File;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * All halves of many clips lie on a real broker before streams start, and the pair step cannot read the audio halves: an
 * open transaction lies before them, as a writer leaves it that was killed, and a committed reader waits for its end.
 * {@code -Dheld.seconds} says for how long, 30 by default.
 */
@Tag("long")
@ExtendWith(SharedBroker.class)
class WaitingHalvesTest {
    private static final Duration HELD = Duration.ofSeconds(Long.getLong("held.seconds", 30));
    private static final Duration LONGEST = Duration.ofMinutes(8);
    private static final int PARTICIPANTS = 100;

    @TempDir
    File disk;

    private Configuration configuration;
    private KafkaClients clients;
    private ClipFeatures features;
    private ClipPerception perception;
    private final Map<String, Long> sent = new HashMap<>();
    private int requests;
    private int deadLetters;
    /** Clips in the store of waiting ones, as its changelog says. */
    private final Set<String> waiting = new HashSet<>();

    @Test
    void twentyThousandClipsOfWhichOneSideIsHeldBackArePairedAndNoneTwice(Broker broker) throws Exception {
        pair(broker, "held", 20_000, 0, "-Xmx700m", false);
    }

    /** Then the next process reads what waits from its changelog. */
    @Test
    void clipsThatWaitWhileTheProcessIsKilledArePairedAndNoneTwice(Broker broker) throws Exception {
        pair(broker, "killed", 10_000, 0, "-Xmx700m", true);
    }

    @Test
    void picturesOfMoreBytesThanTheHeapWaitOnDisk(Broker broker) throws Exception {
        pair(broker, "held-media", 4_000, 200_000, "-Xmx400m", false);
    }

    /**
     * Queues halves, holds one side back, and counts what is paired after that.
     *
     * @param picture bytes of a picture in each visual half; 0: it holds cues alone
     * @param killed whether streams are killed and started again while all clips wait
     */
    private void pair(Broker broker, String prefix, int count, int picture, String heap, boolean killed)
            throws Exception {
        configuration = broker.configuration(
                prefix,
                Map.of(
                        Key.STREAMS_PAIR_WAIT_MS,
                        "1000",
                        Key.FEATURES_CARRY,
                        picture == 0 ? "cues" : "media",
                        Key.STREAMS_FOLDER,
                        disk.toString()));
        clients = Broker.clients(configuration);
        features = Services.extractor(configuration).extract(Clips.mp4(0));
        try (ClipPerception measuring = new ClipPerception(true);
                KafkaProducer<String, byte[]> holding = hold()) {
            perception = measuring;
            queue(count, picture);
            List<String> command = new ArrayList<>(ServiceProcess.java(heap));
            command.addAll(List.of("serve", "streams"));
            command.addAll(ServiceProcess.flags(configuration));
            ServiceProcess streams = ServiceProcess.start("streams", command);
            try {
                streams.awaitReady();
                long began = System.nanoTime();
                long atStart = streams.residentKb();
                try (KafkaConsumer<String, byte[]> consumer = consumer()) {
                    until(consumer, () -> waiting.size() == count);
                    double read = (System.nanoTime() - began) / 1e9;
                    if (killed) {
                        streams.kill();
                        streams = ServiceProcess.start("streams", command);
                        streams.awaitReady();
                        System.out.printf(
                                "killed with %d clips waiting: ready again %.0f s after the start%n",
                                count, (System.nanoTime() - began) / 1e9);
                    }
                    until(consumer, () -> System.nanoTime() - began > HELD.toNanos());
                    assertEquals(0, requests, "a clip was sent without its sound");
                    long whileWaiting = streams.residentKb();
                    long onDisk = bytes(disk);
                    holding.abortTransaction();
                    long released = System.nanoTime();
                    until(consumer, () -> requests >= count);
                    System.out.printf(
                            "%d clips, held back for %d s: read in %.0f s, paired in %.0f s after that; memory of"
                                    + " streams %d MB at the start, %d MB with all waiting (%d MB on disk), %d MB at the"
                                    + " end%n",
                            count,
                            HELD.toSeconds(),
                            read,
                            (System.nanoTime() - released) / 1e9,
                            atStart / 1024,
                            whileWaiting / 1024,
                            onDisk >> 20,
                            streams.residentKb() / 1024);
                    long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
                    until(consumer, () -> System.nanoTime() > end);
                }
            } finally {
                streams.close();
            }
        }
        assertEquals(count, requests);
        assertEquals(0, deadLetters);
        assertEquals(Set.of(), waiting);
        assertEquals(0, bytes(disk), "what waited is deleted with the process");
    }

    /** A producer with an open transaction at the beginning of each partition of the audio halves. */
    private KafkaProducer<String, byte[]> hold() {
        Map<String, Object> settings = new HashMap<>(clients.producerSettings());
        settings.put("transactional.id", configuration.text(Key.TOPIC_PREFIX) + "killed");
        settings.put(
                "transaction.timeout.ms", String.valueOf(Duration.ofMinutes(15).toMillis()));
        KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        String topic = clients.name(Topic.AUDIO_FEATURES);
        producer.initTransactions();
        producer.beginTransaction();
        for (int partition = 0; partition < producer.partitionsFor(topic).size(); partition++) {
            producer.send(new ProducerRecord<>(topic, partition, "call/killed", new byte[] {0}));
        }
        producer.flush();
        return producer;
    }

    /** Writes the halves as the split step does; all have the measured cues of one clip. */
    private void queue(int count, int picture) {
        VisualFeatures visual = FeatureRecords.visual(
                Clips.segment(clip(0), new byte[0], Consent.GRANTED), features, perception, false);
        AudioFeatures audio =
                FeatureRecords.audio(Clips.segment(clip(0), new byte[0], Consent.GRANTED), features, perception, false);
        queue(Topic.VISUAL_FEATURES, VisualFeatures.class, count, i -> VisualFeatures.newBuilder(visual)
                .setClip(clip(i))
                .setFrames(picture == 0 ? List.of() : List.of(new Frame(0, picture(i, picture))))
                .setClipOffset(i)
                .build());
        queue(Topic.AUDIO_FEATURES, AudioFeatures.class, count, i -> AudioFeatures.newBuilder(audio)
                .setClip(clip(i))
                .setClipOffset(i)
                .build());
    }

    private static ClipId clip(long i) {
        return new ClipId("call", "p" + i % PARTICIPANTS, i / PARTICIPANTS);
    }

    private static ByteBuffer picture(long i, int bytes) {
        byte[] picture = new byte[bytes];
        new Random(i).nextBytes(picture);
        return ByteBuffer.wrap(picture);
    }

    private <T extends SpecificRecord> void queue(Topic topic, Class<T> type, int count, LongFunction<T> half) {
        String name = clients.name(topic);
        var serializer = clients.serde(type).serializer();
        try (KafkaProducer<String, byte[]> producer = clients.producer(null)) {
            for (long i = 0; i < count; i++) {
                byte[] value = serializer.serialize(name, half.apply(i));
                producer.send(new ProducerRecord<>(name, ClipKey.of(clip(i)), value), (where, failure) -> {
                    if (failure != null) {
                        throw new IllegalStateException(failure);
                    }
                });
            }
        }
    }

    private String changelog() {
        return configuration.text(Key.TOPIC_PREFIX) + "streams-pending-clips-changelog";
    }

    private KafkaConsumer<String, byte[]> consumer() {
        KafkaConsumer<String, byte[]> consumer = clients.consumer(null);
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic :
                List.of(clients.name(Topic.INFERENCE_REQUESTS), clients.name(Topic.DEAD_LETTERS), changelog())) {
            consumer.partitionsFor(topic).forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private void until(KafkaConsumer<String, byte[]> consumer, BooleanSupplier holds) {
        long deadline = System.nanoTime() + HELD.plus(LONGEST).toNanos();
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, requests + " requests, " + waiting.size() + " clips waiting");
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                if (record.topic().equals(clients.name(Topic.INFERENCE_REQUESTS))) {
                    check(clients.serde(InferenceRequest.class)
                            .deserializer()
                            .deserialize(record.topic(), record.value()));
                } else if (!record.topic().equals(changelog())) {
                    deadLetters++;
                } else if (record.value() == null) {
                    waiting.remove(record.key());
                } else {
                    waiting.add(record.key());
                }
            }
        }
    }

    /** Each clip comes once, in the order of its participant, with both halves and its own picture. */
    private void check(InferenceRequest request) {
        requests++;
        ClipId clip = request.getClip();
        assertEquals(clip, request.getVisual().getClip());
        assertEquals(clip, request.getAudio().getClip(), "the audio half of " + ClipKey.name(clip));
        Long before = sent.put(ClipKey.of(clip), clip.getSequence());
        assertEquals(before == null ? 0 : before + 1, clip.getSequence(), "order of " + ClipKey.name(clip));
        for (Frame frame : request.getVisual().getFrames()) {
            long i = request.getVisual().getClipOffset();
            assertEquals(picture(i, frame.getJpeg().remaining()), frame.getJpeg());
        }
    }

    /** Bytes of all files below a folder; one that vanishes meanwhile counts as none. */
    private static long bytes(File folder) {
        long bytes = 0;
        File[] files = folder.listFiles();
        for (File file : files == null ? new File[0] : files) {
            bytes += file.isDirectory() ? bytes(file) : file.length();
        }
        return bytes;
    }
}
