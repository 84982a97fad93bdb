package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipKey;
import io.migr.schemas.Frame;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import io.migr.schemas.VisualFeatures;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Halves of the split step that lie on a real broker before streams start, and those of one side that come later. */
@ExtendWith(SharedBroker.class)
class WaitingHalvesTest {
    private static final int PARTICIPANTS = 20;
    private static final int PICTURE = 200_000;
    private static final String BOTH = "both";
    private static final String LATE = "late";

    private Configuration configuration;
    private KafkaClients clients;
    private final List<InferenceRequest> requests = new ArrayList<>();
    private long deadLetters;
    /** Clips in the store of waiting ones, as its changelog says, and the most of the call {@link #BOTH} at once. */
    private final Set<String> waiting = new HashSet<>();

    private final long began = System.currentTimeMillis();
    private int mostOfBoth;
    private int largestStored;

    @Test
    @Tag("slow")
    void twoThousandClipsArePairedThoughTheSoundOfHalfOfThemComesHalfAMinuteLater(Broker broker) throws Exception {
        pair(broker, "waiting", 2_000, Duration.ofSeconds(30));
    }

    @Test
    @Tag("long")
    void twentyThousandClipsArePairedThoughTheSoundOfHalfOfThemComesTenMinutesLater(Broker broker) throws Exception {
        pair(broker, "waiting-long", 20_000, Duration.ofMinutes(10));
    }

    /** Half of the clips are of the call {@link #BOTH}, with both halves there at the start. */
    private void pair(Broker broker, String prefix, int count, Duration late) throws Exception {
        start(broker, prefix);
        List<ClipId> both = clips(BOTH, count / 2);
        List<ClipId> half = clips(LATE, count / 2);
        sendVisual(both, 0);
        sendAudio(both);
        sendVisual(half, 0);
        long started = System.nanoTime();
        try (ServiceProcess streams = ServiceProcess.start("streams", configuration)) {
            streams.awaitReady();
            try (KafkaConsumer<String, byte[]> consumer = consumer()) {
                Duration longest = late.plusMinutes(4);
                until(consumer, longest, () -> requests.size() >= both.size() && waiting.size() == half.size());
                double paired = (System.nanoTime() - started) / 1e9;
                until(consumer, longest, () -> System.nanoTime() - started > late.toNanos());
                assertEquals(both.size(), requests.size(), "a clip was sent without its sound");
                long sent = System.nanoTime();
                sendAudio(half);
                until(consumer, longest, () -> requests.size() >= count);
                System.out.printf(
                        "%d clips were paired within %.1f s, of which at most %d waited at a time; the sound of %d others"
                                + " came after %d s, and they were paired within %.1f s; at most %d bytes a clip were"
                                + " stored%n",
                        both.size(),
                        paired,
                        mostOfBoth,
                        half.size(),
                        late.toSeconds(),
                        (System.nanoTime() - sent) / 1e9,
                        largestStored);
                check(consumer, count);
            }
        }
    }

    @Test
    @Tag("slow")
    void picturesOfMoreBytesThanTheHeapWaitAndAreSentWithTheirSound(Broker broker) throws Exception {
        int count = 2_000;
        start(broker, "waiting-media");
        List<ClipId> clips = clips(LATE, count);
        sendVisual(clips, PICTURE);
        List<String> command = new ArrayList<>(ServiceProcess.java("-Xmx256m"));
        command.addAll(List.of("serve", "streams"));
        command.addAll(ServiceProcess.flags(configuration));
        try (ServiceProcess streams = ServiceProcess.start("streams", command)) {
            streams.awaitReady();
            try (KafkaConsumer<String, byte[]> consumer = consumer()) {
                Duration longest = Duration.ofMinutes(4);
                until(consumer, longest, () -> waiting.size() == count);
                sendAudio(clips);
                until(consumer, longest, () -> requests.size() >= count);
                check(consumer, count);
                System.out.printf(
                        "%d MB of pictures waited in a heap of 256 MB; at most %d bytes a clip were stored%n",
                        count * (long) PICTURE / 1_000_000, largestStored);
            }
        }
    }

    private void start(Broker broker, String prefix) {
        configuration = broker.configuration(prefix, Map.of(Key.STREAMS_PAIR_WAIT_MS, "1000"));
        clients = Broker.clients(configuration);
    }

    private static List<ClipId> clips(String call, int count) {
        List<ClipId> clips = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clips.add(new ClipId(call, "p" + i % PARTICIPANTS, (long) i / PARTICIPANTS));
        }
        return clips;
    }

    private static byte[] picture(ClipId clip) {
        byte[] picture = new byte[PICTURE];
        new Random(ClipKey.name(clip).hashCode()).nextBytes(picture);
        return picture;
    }

    /** Sends visual halves as the split step does, with a picture if {@code bytes} is not 0. */
    private void sendVisual(List<ClipId> clips, int bytes) {
        send(Topic.VISUAL_FEATURES, VisualFeatures.class, clips, (clip, offset) -> VisualFeatures.newBuilder()
                .setClip(clip)
                .setStartMs(0)
                .setDurationMs(4000)
                .setCapturedAt(Instant.EPOCH)
                .setPresent(true)
                .setFrames(bytes == 0 ? List.of() : List.of(new Frame(0, ByteBuffer.wrap(picture(clip)))))
                .setClipOffset(offset)
                .build());
    }

    private void sendAudio(List<ClipId> clips) {
        send(Topic.AUDIO_FEATURES, AudioFeatures.class, clips, (clip, offset) -> AudioFeatures.newBuilder()
                .setClip(clip)
                .setStartMs(0)
                .setDurationMs(4000)
                .setCapturedAt(Instant.EPOCH)
                .setPresent(true)
                .setMelFrames(0)
                .setLogMel(ByteBuffer.allocate(0))
                .setClipOffset(offset)
                .build());
    }

    private interface HalfOf<T> {
        T of(ClipId clip, long offset);
    }

    private <T extends org.apache.avro.specific.SpecificRecord> void send(
            Topic topic, Class<T> type, List<ClipId> clips, HalfOf<T> half) {
        String name = clients.name(topic);
        var serializer = clients.serde(type).serializer();
        try (KafkaProducer<String, byte[]> producer = clients.producer(null)) {
            for (int i = 0; i < clips.size(); i++) {
                byte[] value = serializer.serialize(name, half.of(clips.get(i), i));
                // both halves of a clip have its time, by which Kafka Streams chooses the side to read next
                long time = began + i;
                producer.send(
                        new ProducerRecord<>(name, null, time, ClipKey.of(clips.get(i)), value), (sent, failure) -> {
                            if (failure != null) {
                                throw new IllegalStateException(failure);
                            }
                        });
            }
            producer.flush();
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

    private void until(
            KafkaConsumer<String, byte[]> consumer, Duration longest, java.util.function.BooleanSupplier holds) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (!holds.getAsBoolean()) {
            assertTrue(
                    System.nanoTime() < deadline, requests.size() + " requests, " + waiting.size() + " clips waiting");
            poll(consumer);
        }
    }

    private void poll(KafkaConsumer<String, byte[]> consumer) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
            if (record.topic().equals(clients.name(Topic.INFERENCE_REQUESTS))) {
                InferenceRequest request = clients.serde(InferenceRequest.class)
                        .deserializer()
                        .deserialize(record.topic(), record.value());
                checkPicture(request);
                requests.add(request);
            } else if (record.topic().equals(changelog())) {
                stored(record);
            } else {
                deadLetters++;
            }
        }
    }

    private static void checkPicture(InferenceRequest request) {
        for (Frame frame : request.getVisual().getFrames()) {
            assertEquals(ByteBuffer.wrap(picture(request.getClip())), frame.getJpeg());
        }
        request.getVisual().setFrames(List.of()); // memory
    }

    private void stored(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            waiting.remove(record.key());
            return;
        }
        waiting.add(record.key());
        largestStored = Math.max(largestStored, record.value().length);
        if (record.key().startsWith(BOTH)) {
            mostOfBoth = Math.max(mostOfBoth, (int)
                    waiting.stream().filter(key -> key.startsWith(BOTH)).count());
        }
    }

    /** Every clip has both halves and was sent once, in order; nothing else comes, and nothing waits any more. */
    private void check(KafkaConsumer<String, byte[]> consumer, int count) {
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        until(consumer, Duration.ofSeconds(10), () -> System.nanoTime() > end);
        assertEquals(count, requests.size());
        Map<String, Long> last = new HashMap<>();
        for (InferenceRequest request : requests) {
            ClipId clip = request.getClip();
            assertTrue(request.getVisual() != null && request.getAudio() != null, ClipKey.name(clip));
            Long before = last.put(ClipKey.of(clip), clip.getSequence());
            assertEquals(before == null ? 0 : before + 1, clip.getSequence(), "order of " + ClipKey.name(clip));
        }
        assertEquals(Set.of(), waiting);
        assertEquals(0, deadLetters);
    }
}
