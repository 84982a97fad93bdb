package io.migr.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.migr.model.ClipAnalyser;
import io.migr.runtime.models.ModelVersionReader;
import io.migr.runtime.models.ModelVersions;
import io.migr.schemas.ModelVersion;
import io.migr.worker.ModelLoader.Stored;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows which version is live and loads it while the current one serves. A version is fetched, checked, loaded and
 * tried on a separate thread: two models can safely compute at the same time, so clips need not wait. If a version
 * cannot be loaded, it is refused and the current model continues; loading is retried later, because a store may be
 * unavailable only for a while. A live version that needs more than the topics carry is not loaded: the last one before
 * it that does not need it serves, else the configured model.
 */
final class ModelFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelFollower.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final ModelSource source;
    private final Duration pause;
    private final Counter swaps;
    private final Counter refusals;
    private ModelVersionReader reader;
    private Optional<ModelVersion> serving = Optional.empty();
    private Optional<ModelVersion> refused = Optional.empty();
    private Optional<ModelVersion> unfit = Optional.empty();
    private long retryAt;

    /**
     * Creates a follower.
     *
     * @param pause time before a refused version is tried again
     */
    ModelFollower(ModelSource source, Duration pause, MeterRegistry metrics) {
        this.source = source;
        this.pause = pause;
        swaps = metrics.counter("migr.worker.model.swaps");
        refusals = metrics.counter("migr.worker.model.refused");
    }

    /**
     * Loads the model that is live now, or if it cannot be used the nearest of its predecessors that can, at last the
     * configured model. The live one is tried again later.
     *
     * @throws IOException if the configured model cannot be used either
     */
    ClipAnalyser loadFirst() throws IOException {
        reader = source.versions().get();
        ModelVersions versions = reader.now();
        Optional<ModelVersion> wanted = fitting(versions);
        serving = wanted;
        while (serving.isPresent()) {
            try {
                return first();
            } catch (IOException | RuntimeException e) {
                Optional<ModelVersion> before = versions.before(serving.get(), source.carriesMedia());
                if (same(serving, wanted)) {
                    refuse(wanted, e, name(before) + " is tried instead");
                } else {
                    LOG.error("{} cannot be used either: {}. {} is tried instead.", name(serving), e, name(before));
                }
                serving = before;
            }
        }
        return first();
    }

    private ClipAnalyser first() throws IOException {
        ClipAnalyser first = load(serving);
        announce(serving, first.version(), first.needsMedia());
        return first;
    }

    private void refuse(Optional<ModelVersion> live, Exception why, String instead) {
        refused = live;
        retryAt = System.nanoTime() + pause.toNanos();
        refusals.increment();
        LOG.error(
                "{} is live but cannot be used: {}. The next attempt is in {} s; {}.",
                name(live),
                why.toString(),
                pause.toSeconds(),
                instead);
    }

    /** Hands each new live version to the inference thread, until the worker stops. */
    void follow(ServingModel model, AtomicBoolean running) throws InterruptedException {
        while (running.get()) {
            Optional<ModelVersion> live;
            try {
                live = fitting(reader.poll(POLL));
            } catch (RetriableException e) {
                LOG.warn("The live version cannot be read at the moment: {}", e.toString());
                Thread.sleep(POLL.toMillis());
                continue;
            }
            boolean waiting = same(live, refused) && System.nanoTime() - retryAt < 0;
            if (!same(live, serving) && !waiting) {
                change(live, model);
            }
        }
    }

    /** The version to serve; a live one that needs more than the topics carry is named once. */
    private Optional<ModelVersion> fitting(ModelVersions versions) {
        Optional<ModelVersion> live = versions.live();
        Optional<ModelVersion> fitting = versions.serving(source.carriesMedia());
        Optional<ModelVersion> left = same(live, fitting) ? Optional.empty() : live;
        if (left.isPresent() && !same(left, unfit)) {
            LOG.warn(
                    "{} is live but needs media, which features.carry=cues keeps from the topics. {} serves instead, until"
                            + " all services have features.carry=media.",
                    name(left),
                    name(fitting));
        }
        unfit = left;
        return fitting;
    }

    private void announce(Optional<ModelVersion> version, String model, boolean needsMedia) {
        LOG.info("{} is serving: {}", name(version), model);
        if (needsMedia && !source.carriesMedia()) {
            LOG.warn(
                    "{} needs media, which features.carry=cues keeps from the topics: it abstains from every clip that was"
                            + " split under it. Set features.carry=media for all services, or configure another"
                            + " model.folder.",
                    model);
        }
    }

    /** Whether both are the same model: a version may be written again with another reason but the same files. */
    private static boolean same(Optional<ModelVersion> a, Optional<ModelVersion> b) {
        return a.map(ModelVersion::getId).equals(b.map(ModelVersion::getId))
                && a.map(ModelVersion::getSha256).equals(b.map(ModelVersion::getSha256));
    }

    private void change(Optional<ModelVersion> live, ServingModel model) throws InterruptedException {
        ClipAnalyser next;
        try {
            next = load(live);
        } catch (IOException | RuntimeException e) {
            refuse(live, e, "the current model continues");
            return;
        }
        String version = next.version();
        boolean needsMedia = next.needsMedia();
        if (model.replace(next)) {
            announce(live, version, needsMedia);
            serving = live;
            refused = Optional.empty();
            swaps.increment();
        }
    }

    private static String name(Optional<ModelVersion> version) {
        return version.map(live -> "Version " + live.getId()).orElse("The configured model");
    }

    private ClipAnalyser load(Optional<ModelVersion> version) throws IOException {
        Optional<Stored> stored = Optional.empty();
        if (version.isPresent()) {
            ModelVersion live = version.get();
            stored = Optional.of(new Stored(live.getId(), source.store().fetch(live.getSha256())));
        }
        ClipAnalyser model = source.loader().load(stored);
        try {
            ModelTrial.of(model); // also because the first run is slow
            return model;
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
