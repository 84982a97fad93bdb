package io.migr.cli.deadletters;

import io.migr.cli.setup.Settings;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.kafka.KafkaClients;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists dead letters. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists dead letters with id, topic, key, state and reason.")
final class DeadLettersList implements Callable<Integer> {
    @Mixin
    private Settings settings;

    @Mixin
    private DeadLetterFilter filter;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    @Override
    public Integer call() {
        Configuration configuration = settings.configuration();
        KafkaClients clients = new KafkaClients(configuration);
        clients.ensureTopics();
        PrintWriter out = spec.commandLine().getOut();
        Map<DeadLetter.State, Integer> counts = new EnumMap<>(DeadLetter.State.class);
        new DeadLetterLog(configuration, clients).forEach(letter -> {
            if (filter.matches(letter)) {
                counts.merge(letter.state(), 1, Integer::sum);
                out.println(json ? letter.json().toString() : letter.text());
                out.flush();
            }
        });
        if (!json) {
            spec.commandLine()
                    .getErr()
                    .println(
                            counts.isEmpty()
                                    ? "no dead letters"
                                    : counts.entrySet().stream()
                                            .map(count -> count.getValue() + " "
                                                    + count.getKey().word())
                                            .collect(Collectors.joining(", ")));
        }
        return 0;
    }
}
