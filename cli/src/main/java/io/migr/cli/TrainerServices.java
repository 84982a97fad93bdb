package io.migr.cli;

import io.micrometer.core.instrument.MeterRegistry;
import io.migr.model.EmotionModel;
import io.migr.runtime.Configuration;
import io.migr.runtime.KafkaClients;
import io.migr.runtime.Service;
import io.migr.trainer.registry.ModelRegistry;
import io.migr.trainer.round.KafkaExampleLog;
import io.migr.trainer.round.Rounds;
import io.migr.trainer.round.TrainerService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Builds what trains; apart from {@link Services}, so that what serves needs no trainer. */
public final class TrainerServices {
    private TrainerServices() {}

    /** A trainer; {@code lines} hears how far its rounds are. */
    public static Service trainer(
            Configuration configuration, KafkaClients clients, MeterRegistry metrics, Consumer<String> lines)
            throws IOException {
        return new TrainerService(configuration, clients, rounds(configuration, clients), metrics, lines);
    }

    public static Rounds rounds(Configuration configuration, KafkaClients clients) throws IOException {
        Path configured = Home.model(configuration);
        return new Rounds(
                configuration,
                new KafkaExampleLog(clients),
                new ModelRegistry(clients, EmotionModel.version(configured), "trainer"),
                Home.store(configuration),
                configured,
                Home.training(configuration));
    }
}
