package io.migr.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.migr.model.ClipAnalyser;
import io.migr.model.ClipInput;
import io.migr.runtime.models.ArtifactException;
import io.migr.schemas.ModelNeeds;
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
    private ServingModel model;
    private Thread thread;

    /** Follows versions, with this thread as the inference thread, until the wanted version serves. */
    private void follow(ModelSource source, String wanted) throws Exception {
        follow(source, wanted, () -> versions.write("a", "1", ModelStatus.LIVE));
    }

    /** As {@link #follow(ModelSource, String)}, with what happens once the first model serves. */
    private void follow(ModelSource source, String wanted, Runnable change) throws Exception {
        ModelFollower follower = new ModelFollower(source, Duration.ofMillis(10), metrics);
        model = new ServingModel(follower.loadFirst(), () -> {});
        thread = new Thread(() -> {
            try {
                follower.follow(model, running);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        change.run();
        thread.start();
        await(wanted);
    }

    private void await(String wanted) throws InterruptedException {
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

    /** So a worker under cues never guesses, and never stops, whatever is live. */
    @Test
    void aLiveVersionThatNeedsMoreThanTheTopicsCarryIsPassedOver() throws Exception {
        versions.carriesMedia = false;
        List<String> loaded = Collections.synchronizedList(new ArrayList<>());
        versions.write("cues", "0", ModelStatus.RETIRED, ModelNeeds.CUES, null);
        versions.write("media", "2", ModelStatus.LIVE, ModelNeeds.MEDIA, "cues");
        follow(
                versions.source(stored -> {
                    ClipAnalyser model = fake(stored);
                    loaded.add(model.version());
                    return model;
                }),
                "cues",
                () -> {});
        assertEquals(List.of("cues"), loaded);
        assertEquals(0, metrics.counter("migr.worker.model.refused").count());
    }

    @Test
    void whereNoVersionFitsTheConfiguredModelServes() throws Exception {
        versions.carriesMedia = false;
        versions.write("a", "1", ModelStatus.LIVE);
        versions.write("b", "2", ModelStatus.LIVE, ModelNeeds.MEDIA, "a");
        follow(versions.source(ModelFollowerTest::fake), "configured", () -> {});
        versions.write("a", "1", ModelStatus.LIVE, ModelNeeds.MEDIA, "b");
        versions.write("c", "3", ModelStatus.LIVE, ModelNeeds.CUES, "a");
        await("c");
    }

    /** So a worker starts whatever is live. */
    @Test
    void whereTheLiveVersionCannotServeItsPredecessorDoesAndTheLiveOneIsTriedAgain() throws Exception {
        AtomicInteger tried = new AtomicInteger();
        versions.write("a", "1", ModelStatus.RETIRED, ModelNeeds.MEDIA, null);
        versions.write("b", "2", ModelStatus.RETIRED, ModelNeeds.MEDIA, "a");
        versions.write("c", "3", ModelStatus.LIVE, ModelNeeds.MEDIA, "b");
        List<String> served = new ArrayList<>();
        follow(
                versions.source(stored -> {
                    String id = stored.orElseThrow().version();
                    if (!id.equals("a") && tried.incrementAndGet() <= 3) {
                        throw new java.io.IOException(id + " is damaged.");
                    }
                    return fake(stored);
                }),
                "c",
                () -> served.add(model.current().version()));
        assertEquals(List.of("a"), served);
        assertEquals(2, metrics.counter("migr.worker.model.refused").count());
    }

    @Test
    void aThousandPromotionsOfWhichEveryTenthIsBroken() throws Exception {
        versions.write("v0", "0", ModelStatus.LIVE);
        follow(
                versions.source(stored -> {
                    String id = stored.orElseThrow().version();
                    if (id.endsWith("0") && !id.equals("v0")) {
                        throw new java.io.IOException(id + " is damaged.");
                    }
                    return fake(stored);
                }),
                "v0",
                () -> {});
        for (int i = 1; i <= 1_000; i++) {
            versions.write("v" + i, String.valueOf(i), ModelStatus.LIVE, ModelNeeds.MEDIA, "v" + (i - 1));
            if (i % 10 == 0) {
                double before = metrics.counter("migr.worker.model.refused").count();
                while (metrics.counter("migr.worker.model.refused").count() == before) {
                    assertEquals("v" + (i - 1), model.current().version());
                    Thread.sleep(1);
                }
            } else {
                await("v" + i);
            }
        }
        assertEquals("v999", model.current().version());
        assertEquals(900, metrics.counter("migr.worker.model.swaps").count());
    }

    @Test
    void whereNoVersionCanServeTheConfiguredModelDoes() throws Exception {
        versions.write("a", "1", ModelStatus.LIVE);
        follow(
                versions.source(
                        sha256 -> {
                            throw new ArtifactException("The model store is empty.");
                        },
                        ModelFollowerTest::fake),
                "configured",
                () -> {});
        assertTrue(metrics.counter("migr.worker.model.refused").count() >= 1);
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
