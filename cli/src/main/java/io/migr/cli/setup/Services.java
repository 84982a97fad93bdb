package io.migr.cli.setup;

import io.micrometer.core.instrument.MeterRegistry;
import io.migr.embedded.EnvironmentException;
import io.migr.engine.ProcessorFeatures;
import io.migr.features.FfmpegExtractor;
import io.migr.features.MediaLimits;
import io.migr.features.ffmpeg.FfmpegProgram;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.models.ModelVersionReader;
import io.migr.runtime.service.Service;
import io.migr.streams.StreamsService;
import io.migr.worker.ModelLoader;
import io.migr.worker.ModelSource;
import io.migr.worker.WorkerService;
import io.migr.worker.WorkerVerifier;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Builds the streams and worker services and their parts, for all commands. */
public final class Services {
    private Services() {}

    /** The streams service, not yet started. */
    public static Service streams(Configuration configuration, KafkaClients clients, MeterRegistry metrics) {
        return new StreamsService(
                configuration, clients, extractor(configuration), metrics, InstallationFolders.streams(configuration));
    }

    /** The extractor with the configured limits. */
    public static FfmpegExtractor extractor(Configuration configuration) {
        MediaLimits usual = MediaLimits.usual();
        MediaLimits limits = new MediaLimits(
                configuration.number(Key.CLIP_MAX_BYTES),
                configuration.number(Key.CLIP_MAX_SECONDS),
                usual.pixels(),
                usual.wallSeconds(),
                usual.memoryMb(),
                usual.outputMb());
        return new FfmpegExtractor(ffmpeg(), limits);
    }

    /**
     * The FFmpeg program of this installation.
     *
     * @throws EnvironmentException if there is none for this machine
     */
    public static FfmpegProgram ffmpeg() {
        try {
            return FfmpegProgram.find();
        } catch (IOException e) {
            throw new EnvironmentException(e.getMessage(), e);
        }
    }

    /** The worker service, not yet started. */
    public static Service worker(Configuration configuration, KafkaClients clients, MeterRegistry metrics) {
        return new WorkerService(
                configuration,
                clients,
                new ModelSource(
                        () -> ModelVersionReader.waiting(clients),
                        InstallationFolders.store(configuration),
                        loader(configuration),
                        configuration.carriesMedia()),
                () -> WorkerVerifier.open(configuration),
                metrics);
    }

    /** A loader of stored model versions, and of the configured model if none is given, for the configured device. */
    public static ModelLoader loader(Configuration configuration) {
        var configured = InstallationFolders.model(configuration);
        String device = configuration.text(Key.MODEL_DEVICE);
        return stored -> {
            ProcessorFeatures.computeWith(configuration.number(Key.WORKER_THREADS));
            return new LocalClipAnalyser(
                    stored.isPresent()
                            ? EmotionModel.load(
                                    stored.get().folder(), device, stored.get().version())
                            : EmotionModel.load(configured, device));
        };
    }

    /**
     * Starts services and waits until all are ready; stops all of them if one fails.
     *
     * @throws EnvironmentException if a service fails or is not ready in time
     */
    public static void start(List<Service> services, Duration longest) throws InterruptedException {
        try {
            services.forEach(Service::start);
            awaitReady(services, longest);
        } catch (RuntimeException | InterruptedException e) {
            stop(services);
            throw e;
        }
    }

    private static void awaitReady(List<Service> services, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        for (Service service : services) {
            while (!service.ready()) {
                if (service.failure() != null) {
                    throw new EnvironmentException(
                            "The service " + service.name() + " could not start: "
                                    + service.failure().getMessage(),
                            service.failure());
                }
                if (System.nanoTime() > deadline) {
                    throw new EnvironmentException("The service " + service.name() + " was not ready within "
                            + longest.toSeconds() + " s. Is the broker reachable?");
                }
                Thread.sleep(20);
            }
        }
    }

    /** Closes services in reverse order of start. */
    public static void stop(List<Service> services) {
        for (int i = services.size() - 1; i >= 0; i--) {
            services.get(i).close();
        }
    }
}
