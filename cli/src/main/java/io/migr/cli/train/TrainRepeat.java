package io.migr.cli.train;

import io.migr.cli.setup.Settings;
import io.migr.cli.setup.TrainerServices;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.models.ModelRegistry;
import io.migr.schemas.TrainingProgress;
import io.migr.trainer.round.ProgressLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a version again and compares the hashes of the artifacts. */
@Command(
        name = "repeat",
        mixinStandardHelpOptions = true,
        description = {
            "Trains a version again from its parent, with the offsets and the recipe that are stored with it.",
            "On the same kind of CPU the files have the same hash. Nothing is published."
        })
public final class TrainRepeat implements Callable<Integer> {
    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "VERSION", description = "the version as migr models list prints it")
    private String id;

    @Override
    public Integer call() throws IOException {
        Configuration configuration = settings.configuration();
        KafkaClients clients = new KafkaClients(configuration);
        clients.ensureTopics();
        String known = new ModelRegistry(clients, "", "").version(id).getSha256();
        PrintWriter err = spec.commandLine().getErr();
        String sha256 = TrainerServices.rounds(configuration, clients)
                .repeat(id, (stage, done, total, numbers, text) -> {
                    err.println(ProgressLog.line(
                            new TrainingProgress(id, Instant.now(), stage, done, total, numbers, text, null)));
                    err.flush();
                });
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                sha256.equals(known)
                        ? "The artifact is the same: " + sha256
                        : "The artifact differs: " + sha256 + ", but " + id + " is " + known
                                + ". Was it trained on another kind of processor?");
        out.flush();
        return sha256.equals(known) ? 0 : 1;
    }
}
