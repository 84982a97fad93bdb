package io.migr.cli.serve;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.migr.cli.setup.Prerequisites;
import io.migr.cli.setup.Services;
import io.migr.cli.setup.Settings;
import io.migr.cli.setup.TrainerServices;
import io.migr.embedded.EnvironmentException;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.service.HealthServer;
import io.migr.runtime.service.Service;
import io.migr.schemas.Topic;
import io.migr.streams.StreamsService;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one service against an existing broker and registry. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Runs one service with the configured broker and schema registry until it is stopped.")
public final class Serve implements Callable<Integer> {
    /** There is no time after which a service gives up; from this on it says that it is still waiting. */
    private static final Duration LONG = Duration.ofMinutes(2);

    /** The services that can be run. */
    enum ServiceKind {
        STREAMS(
                Topic.VISUAL_FEATURES,
                Topic.AUDIO_FEATURES,
                Topic.INFERENCE_REQUESTS,
                Topic.TIMELINE,
                Topic.TRAINING_EXAMPLES),
        WORKER(Topic.PREDICTIONS, Topic.EXPLANATIONS),
        TRAINER(Topic.TRAINING_PROGRESS, Topic.MODEL_VERSIONS);

        private final List<Topic> written;

        ServiceKind(Topic... written) {
            this.written = List.of(written);
        }
    }

    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SERVICE", description = "the service: ${COMPLETION-CANDIDATES}")
    private ServiceKind kind;

    @Override
    public Integer call() throws InterruptedException, IOException {
        Configuration configuration = settings.configuration();
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        KafkaClients clients = new KafkaClients(configuration);
        clients.bindTo(metrics);
        Service service =
                switch (kind) {
                    case STREAMS -> Services.streams(configuration, clients, metrics);
                    case WORKER -> Services.worker(configuration, clients, metrics);
                    case TRAINER -> TrainerServices.trainer(configuration, clients, metrics, this::line);
                };
        Prerequisites prerequisites =
                new Prerequisites(clients, text -> spec.commandLine().getErr().println("migr: " + text));
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (HealthServer health = new HealthServer(configuration, metrics, List.of(service), prerequisites::missing)) {
            prerequisites.await(written(configuration, clients));
            service.start();
            awaitReady(service);
            line(service.name() + " is ready, health on port " + health.port());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                stop.countDown();
                try {
                    stopped.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            while (service.failure() == null && !stop.await(500, TimeUnit.MILLISECONDS)) {
                // wait until stopped or failed
            }
            service.close();
            if (service.failure() != null) {
                throw new IllegalStateException(
                        service.name() + " stopped: " + service.failure().getMessage(), service.failure());
            }
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private void awaitReady(Service service) throws InterruptedException {
        long began = System.nanoTime();
        boolean told = false;
        while (!service.ready()) {
            if (service.failure() != null) {
                service.close();
                throw new EnvironmentException(
                        "The service " + service.name() + " could not start: "
                                + service.failure().getMessage(),
                        service.failure());
            }
            if (!told && System.nanoTime() - began > LONG.toNanos()) {
                spec.commandLine()
                        .getErr()
                        .println("migr: " + service.name() + " is not ready after " + LONG.toSeconds()
                                + " s; it keeps trying. Is the broker reachable?");
                told = true;
            }
            Thread.sleep(20);
        }
    }

    private Map<String, Class<? extends SpecificRecord>> written(Configuration configuration, KafkaClients clients) {
        Map<String, Class<? extends SpecificRecord>> written = new TreeMap<>();
        kind.written.forEach(topic -> written.put(clients.name(topic), topic.value()));
        if (kind == ServiceKind.STREAMS) {
            written.putAll(StreamsService.changelogs(configuration));
        }
        return written;
    }

    private void line(String text) {
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
    }
}
