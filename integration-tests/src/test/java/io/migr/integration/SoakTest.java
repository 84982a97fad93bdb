package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Three clips a second for {@code -Dsoak.minutes=}, 10 by default, through streams and worker: every clip comes out
 * once, and neither process grows in the second half.
 */
@Tag("long")
@ExtendWith(SharedBroker.class)
@EnabledOnOs(OS.LINUX)
class SoakTest {
    private static final int SAMPLES = 20;
    /** Resident memory in the second half may exceed that at the half by this factor: heaps breathe. */
    private static final double GROWTH = 1.2;

    @Test
    void memoryStaysAndEveryClipEndsOnce(Broker broker) throws Exception {
        Duration soak = Duration.ofMinutes(Integer.getInteger("soak.minutes", 10));
        Configuration configuration = broker.configuration("soak", Map.of(Key.WORKER_BATCH_SIZE, "4"));
        KafkaClients clients = Broker.clients(configuration);
        try (ServiceProcess streams = ServiceProcess.start("streams", configuration);
                ServiceProcess worker = ServiceProcess.start("worker", configuration)) {
            streams.awaitReady();
            worker.awaitReady();
            try (Committed committed = new Committed(clients);
                    Feeding feeding = Feeding.start(clients, committed)) {
                List<Long> streamsKb = new ArrayList<>();
                List<Long> workerKb = new ArrayList<>();
                for (int i = 1; i <= SAMPLES; i++) {
                    long next = System.nanoTime() + soak.toNanos() / SAMPLES;
                    while (System.nanoTime() < next) {
                        committed.poll();
                    }
                    streamsKb.add(streams.residentKb());
                    workerKb.add(worker.residentKb());
                }
                feeding.stop();
                committed.await(feeding.accepted().size(), soak);
                System.out.printf(
                        "%d clips; streams %s KiB, worker %s KiB%n",
                        feeding.accepted().size(), streamsKb, workerKb);
                assertEquals(
                        List.of(),
                        ExactlyOnceChecker.violations(
                                feeding.accepted(),
                                committed.seenPredictions(),
                                committed.seenExplanations(),
                                committed.deadLetters.stream()
                                        .map(Committed.DeadLetter::clip)
                                        .toList()));
                assertDoesNotGrow("streams", streamsKb);
                assertDoesNotGrow("worker", workerKb);
            }
        }
    }

    private static void assertDoesNotGrow(String service, List<Long> residentKb) {
        long most = residentKb.subList(0, SAMPLES / 2).stream()
                .mapToLong(one -> one)
                .max()
                .orElseThrow();
        long later = residentKb.subList(SAMPLES / 2, SAMPLES).stream()
                .mapToLong(one -> one)
                .max()
                .orElseThrow();
        assertTrue(
                later <= most * GROWTH,
                () -> service + " grew from " + most + " to " + later + " KiB in the second half: " + residentKb);
    }
}
