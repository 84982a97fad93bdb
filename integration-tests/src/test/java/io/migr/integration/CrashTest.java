package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.runtime.Configuration;
import io.migr.runtime.KafkaClients;
import io.migr.runtime.Key;
import io.migr.schemas.ClipId;
import io.migr.schemas.Emotion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** kill -9 of streams and worker while clips and labels flow. {@code -Dseed=} replays the times of killing. */
@ExtendWith(SharedBroker.class)
class CrashTest {
    private static final int CLIPS = 80;
    private static final int EVERY_BROKEN = 11;

    @Test
    void everyAcceptedClipEndsOnceWhoeverIsKilled(Broker broker) throws Exception {
        long seed = Long.getLong("seed", 1);
        System.out.println("CrashTest -Dseed=" + seed);
        RandomGenerator random = new java.util.SplittableRandom(seed);
        Configuration configuration = broker.configuration("crash", Map.of(Key.WORKER_BATCH_SIZE, "4"));
        KafkaClients clients = Broker.clients(configuration);
        List<byte[]> media = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            media.add(Clips.mp4(i));
        }
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread feeding = new Thread(() -> feed(clients, media, accepted, stop, failure));
        Map<String, ServiceProcess> running = new HashMap<>();
        try (Committed committed = new Committed(clients)) {
            for (String service : List.of("streams", "worker")) {
                running.put(service, ServiceProcess.start(service, configuration));
            }
            for (ServiceProcess process : running.values()) {
                process.awaitReady();
            }
            feeding.start();
            for (String victim : List.of("worker", "streams", "worker")) {
                // in mid-stream: something has come out since the last kill, something is still inside
                int before = committed.predictions.size();
                long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
                while (committed.predictions.size() < before + 3 + random.nextInt(6)) {
                    committed.poll();
                    assertTrue(System.nanoTime() < deadline, "nothing comes out any more before " + victim + " dies");
                }
                Thread.sleep(random.nextInt(250));
                running.get(victim).kill();
                assertTrue(
                        committed.predictions.size() + committed.deadLetters.size() < CLIPS,
                        "all was done before " + victim + " was killed");
                running.put(victim, ServiceProcess.start(victim, configuration));
            }
            feeding.join();
            assertEquals(null, failure.get());
            committed.await(CLIPS, Duration.ofSeconds(120));
            committed.until(() -> committed.examples.size() >= committed.predictions.size(), Duration.ofSeconds(60));
            List<String> dead = committed.deadLetters.stream()
                    .map(Committed.DeadLetter::clip)
                    .toList();
            assertEquals(CLIPS / EVERY_BROKEN + 1, dead.size(), () -> "broken clips: " + committed.deadLetters);
            assertEquals(
                    List.of(),
                    ExactlyOnceChecker.violations(
                            accepted, committed.seenPredictions(), committed.seenExplanations(), dead));
            // every label is sent before its clip is analysed, and none twice
            assertEquals(
                    committed.seenPredictions().stream()
                            .map(ExactlyOnceChecker.Seen::clip)
                            .sorted()
                            .toList(),
                    committed.seenExamples().stream()
                            .map(ExactlyOnceChecker.Seen::clip)
                            .sorted()
                            .toList());
        } finally {
            stop.set(true);
            for (ServiceProcess process : running.values()) {
                process.close();
            }
        }
    }

    /** Three participants take turns; every eleventh clip is no video. */
    private static void feed(
            KafkaClients clients,
            List<byte[]> media,
            Set<String> accepted,
            AtomicBoolean stop,
            AtomicReference<Exception> failure) {
        try (Clips clips = new Clips(clients)) {
            for (int i = 0; i < CLIPS && !stop.get(); i++) {
                byte[] broken = ("no video " + i).getBytes(StandardCharsets.US_ASCII);
                byte[] one = i % EVERY_BROKEN == 0 ? broken : media.get(i % media.size());
                accepted.add(clips.send("p" + i % 3, i / 3, one));
                if (i % EVERY_BROKEN != 0) {
                    clips.label(new ClipId("call", "p" + i % 3, (long) i / 3), "ann", Emotion.SAD);
                }
                Thread.sleep(100);
            }
        } catch (InterruptedException | RuntimeException e) {
            failure.set(e);
        }
    }
}
