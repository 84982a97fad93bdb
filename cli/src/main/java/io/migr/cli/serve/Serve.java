package io.migr.cli.serve;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.migr.cli.setup.Services;
import io.migr.cli.setup.Settings;
import io.migr.cli.setup.TrainerServices;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.service.HealthServer;
import io.migr.runtime.service.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    private static final Duration READY = Duration.ofMinutes(2);

    /** The services that can be run. */
    enum ServiceKind {
        STREAMS,
        WORKER,
        TRAINER
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
        clients.ensureTopics();
        Service service =
                switch (kind) {
                    case STREAMS -> Services.streams(configuration, clients, metrics);
                    case WORKER -> Services.worker(configuration, clients, metrics);
                    case TRAINER -> TrainerServices.trainer(configuration, clients, metrics, this::line);
                };
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (HealthServer health = new HealthServer(configuration, metrics, List.of(service))) {
            Services.start(List.of(service), READY);
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

    private void line(String text) {
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
    }
}
