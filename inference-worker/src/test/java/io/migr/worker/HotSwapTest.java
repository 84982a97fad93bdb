package io.migr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.models.ArtifactException;
import io.migr.runtime.models.FolderStore;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.ModelStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests a worker under load while the live version changes. */
@Tag("slow")
class HotSwapTest {
    private static final TopicPartition PARTITION = new TopicPartition(Fakes.REQUESTS, 0);
    private static final int SWAPS = 100;

    @TempDir
    Path folder;

    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final LiveVersions versions = new LiveVersions();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Map<String, Fakes.Analyser> fakes = new ConcurrentHashMap<>();
    private boolean feeding = true;
    private volatile long fed;

    private WorkerService worker(ModelSource models) {
        return new WorkerService(
                Configuration.of(Map.of("worker.batch.size", "2", "worker.batch.wait.ms", "1")),
                Fakes.REQUESTS,
                Fakes.OUTPUTS,
                () -> consumer,
                id -> producer,
                models,
                Fakes.Verifier::new,
                metrics);
    }

    private WorkerService faked() {
        return worker(versions.source(
                sha256 -> {
                    if (sha256.equals("gone")) {
                        throw new ArtifactException("The model store is not there.");
                    }
                    return Path.of(sha256);
                },
                stored -> {
                    String version = stored.map(ModelLoader.Stored::version).orElse("configured");
                    if (version.equals("broken")) {
                        throw new IOException("The weights do not fit.");
                    }
                    Fakes.Analyser fake = new Fakes.Analyser(version);
                    fakes.put(version, fake);
                    return fake;
                }));
    }

    /** Starts the worker and keeps a few requests of one participant waiting while {@code feeding} is set. */
    private void start(WorkerService worker) {
        worker.start();
        consumer.schedulePollTask(() -> {
            consumer.rebalance(List.of(PARTITION));
            consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
            feed();
        });
    }

    private synchronized void feed() {
        while (feeding && fed - predictions().size() < 6) {
            consumer.addRecord(Fakes.record(fed, "ann", fed, 1));
            fed++;
        }
        consumer.schedulePollTask(this::feed);
    }

    private synchronized void feed(boolean on) {
        feeding = on;
    }

    private List<ProducerRecord<String, byte[]>> predictions() {
        return producer.history().stream()
                .filter(record -> record.topic().equals("migr.predictions"))
                .toList();
    }

    private List<String> predictedBy() {
        return predictions().stream()
                .map(record ->
                        Fakes.OUTPUTS.predictionSerde().deserializer().deserialize(record.topic(), record.value()))
                .map(EmotionPrediction::getModelVersion)
                .toList();
    }

    private List<String> explainedBy() {
        return producer.history().stream()
                .filter(record -> record.topic().equals("migr.explanations"))
                .map(record ->
                        Fakes.OUTPUTS.explanationSerde().deserializer().deserialize(record.topic(), record.value()))
                .map(EmotionExplanation::getModelVersion)
                .toList();
    }

    private static List<String> changes(List<String> versions) {
        List<String> changes = new ArrayList<>();
        for (String version : versions) {
            if (changes.isEmpty() || !changes.get(changes.size() - 1).equals(version)) {
                changes.add(version);
            }
        }
        return changes;
    }

    private static void await(WorkerService worker, BooleanSupplier what) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!what.getAsBoolean() && worker.failure() == null && System.nanoTime() < deadline) {
            Thread.sleep(2);
        }
        assertNull(worker.failure());
        assertTrue(what.getAsBoolean());
    }

    private void awaitVersion(WorkerService worker, String version) throws InterruptedException {
        await(worker, () -> {
            List<ProducerRecord<String, byte[]>> all = predictions();
            return !all.isEmpty() && version(all.get(all.size() - 1)).equals(version);
        });
    }

    private static String version(ProducerRecord<String, byte[]> record) {
        return new String(
                record.headers().lastHeader("migr.model.version").value(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private double count(String name) {
        return metrics.counter("migr.worker.model." + name).count();
    }

    @Test
    void aNewLiveVersionTakesOverAndTheOldOneIsClosedOnTheInferenceThread() throws Exception {
        try (WorkerService worker = faked()) {
            start(worker);
            awaitVersion(worker, "configured");
            versions.write("a", "1", ModelStatus.CANDIDATE);
            versions.write("a", "1", ModelStatus.LIVE);
            awaitVersion(worker, "a");
            versions.write("a", "1", ModelStatus.LIVE); // another reason, the same files
            versions.write("b", "2", ModelStatus.LIVE);
            awaitVersion(worker, "b");
            versions.write("b", "2", ModelStatus.RETIRED);
            awaitVersion(worker, "a");
            versions.write("a", "1", ModelStatus.RETIRED);
            awaitVersion(worker, "configured");
            assertTrue(worker.ready());
            // a swap is counted after the first batch may have used its model
            await(worker, () -> count("swaps") == 4);
        }
        assertEquals(List.of("configured", "a", "b", "a", "configured"), changes(predictedBy()));
        assertEquals(predictedBy(), explainedBy());
        assertEquals("inference", fakes.get("b").closedBy);
        assertEquals("inference", fakes.get("configured").closedBy);
    }

    @Test
    void anIdleWorkerAlsoTakesOverANewVersion() throws Exception {
        feed(false);
        try (WorkerService worker = faked()) {
            start(worker);
            versions.write("a", "1", ModelStatus.LIVE);
            await(worker, () -> count("swaps") == 1 || fakes.containsKey("a") && !fakes.containsKey("configured"));
        }
        assertEquals("inference", fakes.get("a").closedBy);
    }

    @Test
    void aVersionThatCannotBeFetchedOrLoadedIsRefusedAndTheOldOneContinues() throws Exception {
        try (WorkerService worker = faked()) {
            versions.write("a", "1", ModelStatus.LIVE);
            start(worker);
            awaitVersion(worker, "a");
            assertFalse(fakes.containsKey("configured"), "the live version is the first that is loaded");
            int refused = 0;
            for (String bad : List.of("gone", "broken")) {
                versions.write(bad, bad, ModelStatus.LIVE);
                int seen = ++refused;
                await(worker, () -> count("refused") == seen);
                long since = predictions().size();
                await(worker, () -> predictions().size() > since + 10);
                assertTrue(worker.ready());
            }
            assertEquals(0, count("swaps"));
            versions.write("b", "2", ModelStatus.LIVE);
            awaitVersion(worker, "b");
        }
        assertEquals(List.of("a", "b"), changes(predictedBy()));
    }

    @Test
    void aWorkerStopsIfNeitherTheLiveModelNorTheConfiguredOneCanBeLoaded() throws Exception {
        versions.write("a", "1", ModelStatus.LIVE);
        try (WorkerService worker = worker(versions.source(Path::of, stored -> {
            throw new IOException(stored.isPresent() ? "The weights do not fit." : "The folder is empty.");
        }))) {
            worker.start();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (worker.failure() == null && System.nanoTime() < deadline) {
                Thread.sleep(5);
            }
            assertEquals("The folder is empty.", worker.failure().getMessage());
            assertEquals(1, count("refused"));
        }
    }

    private static int arrays() {
        try (NDManager manager = NDManager.newBaseManager()) {
            return manager.getParentManager().getManagedArrays().size();
        }
    }

    /** The smallest real network is loaded and warmed up while another one computes. */
    @Test
    void aHundredSwapsUnderLoadLeaveNoTensorBehind() throws Exception {
        FolderStore store = new FolderStore(folder.resolve("store"));
        Map<String, String> artifacts = Map.of(
                "a", store.put(MicroModel.write(folder.resolve("a"), 1)).sha256(),
                "b", store.put(MicroModel.write(folder.resolve("b"), 2)).sha256());
        versions.write("a", artifacts.get("a"), ModelStatus.LIVE);
        try (WorkerService worker = worker(versions.source(
                store::fetch,
                stored -> new LocalClipAnalyser(EmotionModel.load(
                        stored.orElseThrow().folder(),
                        "cpu",
                        stored.orElseThrow().version()))))) {
            start(worker);
            awaitVersion(worker, "a");
            int before = 0;
            for (int swap = 1; swap <= SWAPS; swap++) {
                String next = swap % 2 == 0 ? "a" : "b";
                versions.write(next, artifacts.get(next), ModelStatus.LIVE);
                int done = swap;
                await(worker, () -> count("swaps") == done);
                if (swap == 2) {
                    before = quiet(worker);
                }
            }
            assertEquals(before, quiet(worker), "tensors of models that were closed");
            try (EmotionModel leaked = EmotionModel.load(folder.resolve("a"), "cpu")) {
                assertTrue(quiet(worker) > before, "a model that is not closed must be noticed: " + leaked.version());
            }
            assertEquals(0, count("refused"));
            feed(false);
            await(worker, () -> predictions().size() == fed);
        }
        assertEquals(predictedBy(), explainedBy());
        assertTrue(
                changes(predictedBy()).size() > SWAPS / 4,
                changes(predictedBy()).size() + " changes were seen");
    }

    /** The number of tensors while nothing is computed. */
    private int quiet(WorkerService worker) throws InterruptedException {
        feed(false);
        await(worker, () -> predictions().size() == fed);
        int arrays = arrays();
        feed(true);
        return arrays;
    }
}
