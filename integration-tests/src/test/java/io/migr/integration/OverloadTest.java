package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.runtime.config.Configuration;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * More clips than can be processed at once: each is answered once and with both halves, in order, and what waits is
 * shown. {@code -Doverload} says how many.
 */
@Tag("slow")
@ExtendWith(SharedBroker.class)
class OverloadTest {
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final int CLIPS = Integer.getInteger("overload", 30);

    private enum Load {
        /** Somebody sends a recording as fast as it is read. */
        ONE_SENDS_ALL,
        /** A call that is larger than the machine. */
        ALL_SEND_AT_ONCE,
        /** Requests wait for a worker. */
        NO_WORKER_YET
    }

    @ParameterizedTest
    @EnumSource(Load.class)
    void eachIsAnsweredOnceInOrderAndWhatWaitsIsShown(Load load, Broker broker) throws Exception {
        Configuration configuration = broker.configuration(
                "overload-" + load.name().toLowerCase(Locale.ROOT).replace('_', '-'), Map.of());
        KafkaClients clients = Broker.clients(configuration);
        byte[] media = Clips.mp4(0);
        ServiceProcess worker = load == Load.NO_WORKER_YET ? null : ServiceProcess.start("worker", configuration);
        try (ServiceProcess streams = ServiceProcess.start("streams", configuration);
                Clips clips = new Clips(clients);
                Committed committed = new Committed(clients)) {
            streams.awaitReady();
            if (worker != null) {
                worker.awaitReady();
            }
            Set<String> sent = new HashSet<>();
            int participants = load == Load.ONE_SENDS_ALL ? 1 : CLIPS / 3;
            for (int i = 0; i < CLIPS; i++) {
                sent.add(clips.send("p" + i % participants, i / participants, media));
            }
            sent.add(clips.send("somebody-else", 0, media));
            double behind = 0;
            double waiting = 0;
            long deadline = System.nanoTime() + LONGEST.toNanos();
            while (committed.predictions.size() < sent.size()) {
                behind = Math.max(behind, streams.metric("kafka_consumer_fetch_manager_records_lag_max"));
                if (worker == null
                        && behind > 0
                        && streams.metric("kafka_consumer_fetch_manager_records_lag_max") == 0) {
                    worker = ServiceProcess.start("worker", configuration);
                    worker.awaitReady();
                }
                waiting = Math.max(waiting, worker == null ? 0 : worker.metric("migr_worker_waiting"));
                committed.poll();
                assertTrue(System.nanoTime() < deadline, committed.predictions.size() + " of " + sent.size());
            }
            committed.await(sent.size(), LONGEST);
            assertTrue(behind > 0, "streams were never behind");
            assertTrue(waiting > 0 || load != Load.NO_WORKER_YET, "nothing ever waited for the worker");
            assertEquals(
                    List.of(),
                    ExactlyOnceChecker.violations(
                            sent, committed.seenPredictions(), committed.seenExplanations(), List.of()));
            assertEquals(0, worker.metric("migr_worker_waiting"));
            Map<String, Long> last = new HashMap<>();
            for (EmotionPrediction one : committed.predictions) {
                String participant = one.getClip().getParticipantId();
                long before = last.merge(participant, 0L, (a, b) -> a + 1);
                assertEquals(before, one.getClip().getSequence(), participant);
                assertEquals(null, one.getMissingModality());
            }
        } finally {
            if (worker != null) {
                worker.close();
            }
        }
    }

    /** Records on the requests' topic, the marks of transactions included. */
    private static long requests(KafkaClients clients) {
        String topic = clients.name(Topic.INFERENCE_REQUESTS);
        try (KafkaConsumer<String, byte[]> consumer = clients.consumer(null)) {
            List<TopicPartition> places = consumer.partitionsFor(topic).stream()
                    .map(one -> new TopicPartition(topic, one.partition()))
                    .toList();
            return consumer.endOffsets(places).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }
}
