package io.migr.cli.deadletters;

import io.migr.cli.setup.Settings;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.kafka.KafkaClients;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows dead letters in full, except for their media. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows everything that is known about dead letters, without their media.")
final class DeadLettersShow implements Callable<Integer> {
    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", arity = "1..*", description = "ids as migr dead-letters list prints them, e.g. 3:41")
    private Set<String> ids;

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    @Override
    public Integer call() {
        Configuration configuration = settings.configuration();
        KafkaClients clients = new KafkaClients(configuration);
        clients.ensureTopics();
        PrintWriter out = spec.commandLine().getOut();
        Set<String> missing = new LinkedHashSet<>(ids);
        new DeadLetterLog(configuration, clients).forEach(letter -> {
            if (missing.remove(letter.id())) {
                out.println(json ? letter.detailsJson().toString() : letter.details());
                out.flush();
            }
        });
        missing.forEach(
                id -> spec.commandLine().getErr().println("migr: " + id + " is not a dead letter, or has expired."));
        return missing.isEmpty() ? 0 : 1;
    }
}
