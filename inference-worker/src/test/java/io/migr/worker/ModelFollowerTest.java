package io.migr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.migr.model.ClipAnalyser;
import io.migr.model.ClipInput;
import io.migr.runtime.models.ArtifactException;
import io.migr.schemas.ModelStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelFollowerTest {
    private final LiveVersions versions = new LiveVersions();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AtomicBoolean running = new AtomicBoolean(true);
    private Thread thread;

    /** Follows versions, with this thread as the inference thread, until the wanted version serves. */
    private void follow(ModelSource source, String wanted) throws Exception {
        ModelFollower follower = new ModelFollower(source, Duration.ofMillis(10), metrics);
        ServingModel model = new ServingModel(follower.loadFirst(), () -> {});
        thread = new Thread(() -> {
            try {
                follower.follow(model, running);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        versions.write("a", "1", ModelStatus.LIVE);
        thread.start();
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!model.current().version().equals(wanted)) {
            assertTrue(System.nanoTime() < deadline, wanted + " is not serving");
            Thread.sleep(2);
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        running.set(false);
        thread.join();
    }

    private static ClipAnalyser fake(java.util.Optional<ModelLoader.Stored> stored) {
        return new Fakes.Analyser(stored.map(ModelLoader.Stored::version).orElse("configured"));
    }

    @Test
    void aStoreThatWasUnavailableIsTriedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        follow(
                versions.source(
                        sha256 -> {
                            if (asked.incrementAndGet() < 4) {
                                throw new ArtifactException("The model store is not there.");
                            }
                            return Path.of(sha256);
                        },
                        ModelFollowerTest::fake),
                "a");
        assertEquals(4, asked.get());
        assertEquals(3, metrics.counter("migr.worker.model.refused").count());
    }

    @Test
    void aModelThatLoadsButCannotComputeIsClosedAndNeverServes() throws Exception {
        List<Fakes.Analyser> closed = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger loaded = new AtomicInteger();
        follow(
                versions.source(stored -> loaded.incrementAndGet() != 2
                        ? fake(stored)
                        : new ClipAnalyser() {
                            @Override
                            public String version() {
                                return "a";
                            }

                            @Override
                            public Batch analyse(List<ClipInput> clips) {
                                throw new IllegalStateException("NaN");
                            }

                            @Override
                            public void close() {
                                closed.add(new Fakes.Analyser());
                            }
                        }),
                "a");
        assertEquals(1, closed.size());
        assertEquals(3, loaded.get());
    }
}
