package io.migr.cli.setup;

import io.micrometer.core.instrument.MeterRegistry;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.models.ModelRegistry;
import io.migr.runtime.service.Service;
import io.migr.trainer.round.KafkaExampleLog;
import io.migr.trainer.round.RoundRunner;
import io.migr.trainer.round.TrainerService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Builds the trainer; not part of {@link Services}, so that serving needs no trainer classes. */
public final class TrainerServices {
    private TrainerServices() {}

    /** The trainer service, not yet started; {@code lines} receives the progress of its rounds. */
    public static Service trainer(
            Configuration configuration, KafkaClients clients, MeterRegistry metrics, Consumer<String> lines)
            throws IOException {
        return new TrainerService(configuration, clients, rounds(configuration, clients), metrics, lines);
    }

    /** A runner of training rounds, with the configured model, store and training folder. */
    public static RoundRunner rounds(Configuration configuration, KafkaClients clients) throws IOException {
        Path configured = InstallationFolders.model(configuration);
        return new RoundRunner(
                configuration,
                new KafkaExampleLog(clients),
                new ModelRegistry(clients, EmotionModel.version(configured), "trainer"),
                InstallationFolders.store(configuration),
                configured,
                InstallationFolders.training(configuration));
    }
}
