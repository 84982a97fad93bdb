package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.models.ArtifactStore.Artifact;
import io.migr.runtime.models.FolderStore;
import io.migr.runtime.models.ModelRegistry;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.ModelNeeds;
import io.migr.schemas.ModelStatus;
import io.migr.schemas.ModelVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Promotes versions while clips flow through streams and worker, each in its own process. */
@Tag("slow")
@ExtendWith(SharedBroker.class)
class ModelSwapTest {
    private static final Path SHIPPED = Path.of("").toAbsolutePath().resolveSibling("model/weights/people");
    private static final Duration LONGEST = Duration.ofMinutes(4);
    /** Clips sent and not yet answered. */
    private static final int MOST_WAITING = 40;

    @TempDir
    Path folder;

    private ModelRegistry registry;

    /** The record of a version that was just added. */
    static ModelVersion.Builder candidateOf(String id, Artifact artifact) {
        return ModelVersion.newBuilder()
                .setId(id)
                .setArtifact(artifact.uri())
                .setSha256(artifact.sha256())
                .setStatus(ModelStatus.CANDIDATE)
                .setTrainedOn(List.of())
                .setMetrics(Map.of())
                .setWhy("")
                .setChangedAt(Instant.now())
                .setChangedBy("");
    }

    /** The shipped weights with another name, which makes them another artifact; added as a candidate. */
    private Artifact candidate(String id, FolderStore store) throws Exception {
        Path copy = Files.createDirectory(folder.resolve(id));
        for (String name : List.of("model.safetensors", "tokenizer.json")) {
            Files.copy(SHIPPED.resolve(name), copy.resolve(name));
        }
        String config = Files.readString(SHIPPED.resolve("config.json"));
        Files.writeString(
                copy.resolve("config.json"), config.replace("\"name\" : \"people\"", "\"name\" : \"" + id + "\""));
        Artifact artifact = store.put(copy);
        registry.add(candidateOf(id, artifact).setNeeds(ModelNeeds.CUES).build(), "It is a test.");
        return artifact;
    }

    @Test
    void clipsEndOnceWhileVersionsChangeAndEachResultNamesItsVersion(Broker broker) throws Exception {
        Path root = folder.resolve("store");
        Configuration configuration =
                broker.configuration("swap", Map.of(Key.WORKER_BATCH_SIZE, "4", Key.MODELS_STORE, root.toString()));
        KafkaClients clients = Broker.clients(configuration);
        registry = new ModelRegistry(clients, "configured", "test");
        FolderStore store = new FolderStore(root);
        candidate("first", store);
        Path broken = store.fetch(candidate("broken", store).sha256());
        Files.writeString(broken.resolve("config.json"), "{}");
        candidate("second", store);
        byte[] media = Clips.mp4(0);
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (ServiceProcess streams = ServiceProcess.start("streams", configuration);
                ServiceProcess worker = ServiceProcess.start("worker", configuration);
                Committed committed = new Committed(clients)) {
            Thread feeding = new Thread(() -> feed(clients, media, accepted, committed, stop, failure));
            streams.awaitReady();
            worker.awaitReady();
            feeding.start();
            committed.until(() -> committed.predictions.size() >= 4, LONGEST);
            promoteAndAwait("first", committed);
            registry.promote("broken", "It is a test.", false);
            int before = committed.predictions.size();
            committed.until(() -> committed.predictions.size() >= before + 8, LONGEST);
            promoteAndAwait("second", committed);
            promoteAndAwait("first", committed);
            stop.set(true);
            feeding.join();
            committed.await(accepted.size(), LONGEST);
            assertEquals(null, failure.get());
            assertEquals(
                    List.of(),
                    ExactlyOnceChecker.violations(
                            accepted, committed.seenPredictions(), committed.seenExplanations(), List.of()));
            assertInOrder(committed);
        } finally {
            stop.set(true);
        }
        assertANewWorkerStartsWithTheLiveVersion(configuration, clients, media);
    }

    private void promoteAndAwait(String id, Committed committed) {
        int before = committed.predictions.size();
        registry.promote(id, "It is a test.", true);
        committed.until(
                () -> committed.predictions.stream().skip(before).anyMatch(one -> one.getModelVersion()
                        .equals(id)),
                LONGEST);
    }

    /** Checks the order of versions. The configured model's version is its weights' hash, the others' are their ids. */
    private static void assertInOrder(Committed committed) {
        Map<String, List<String>> changes = new TreeMap<>();
        for (EmotionPrediction one : committed.predictions) {
            List<String> versions =
                    changes.computeIfAbsent(one.getClip().getParticipantId(), participant -> new ArrayList<>());
            String version = one.getModelVersion().startsWith("people-") ? "configured" : one.getModelVersion();
            if (versions.isEmpty() || !versions.get(versions.size() - 1).equals(version)) {
                versions.add(version);
            }
        }
        assertEquals(Set.of("p0", "p1", "p2"), changes.keySet());
        changes.forEach((participant, versions) -> {
            int at = 0;
            for (String expected : List.of("configured", "first", "second", "first")) {
                if (at < versions.size() && versions.get(at).equals(expected)) {
                    at++;
                }
            }
            assertEquals(versions.size(), at, participant + " saw " + versions);
            assertFalse(versions.contains("broken"));
        });
    }

    private void assertANewWorkerStartsWithTheLiveVersion(
            Configuration configuration, KafkaClients clients, byte[] media) throws Exception {
        try (ServiceProcess streams = ServiceProcess.start("streams", configuration);
                ServiceProcess worker = ServiceProcess.start("worker", configuration);
                Clips clips = new Clips(clients);
                Committed committed = new Committed(clients)) {
            streams.awaitReady();
            worker.awaitReady();
            clips.send("late", 0, media);
            committed.until(() -> !committed.predicted("call/late/").isEmpty(), LONGEST);
            EmotionPrediction late = committed.predictions.stream()
                    .filter(one -> one.getClip().getParticipantId().equals("late"))
                    .findFirst()
                    .orElseThrow();
            assertEquals("first", late.getModelVersion());
        }
    }

    /** Sends clips of three participants in turn until stopped. */
    private static void feed(
            KafkaClients clients,
            byte[] media,
            Set<String> accepted,
            Committed committed,
            AtomicBoolean stop,
            AtomicReference<Exception> failure) {
        try (Clips clips = new Clips(clients)) {
            for (int i = 0; !stop.get(); ) {
                // a slow machine has no backlog that it cannot work off in time
                if (accepted.size() - committed.predictions.size() < MOST_WAITING) {
                    accepted.add(clips.send("p" + i % 3, i / 3, media));
                    i++;
                }
                Thread.sleep(150);
            }
        } catch (InterruptedException | RuntimeException e) {
            failure.set(e);
        }
    }
}
