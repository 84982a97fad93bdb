package io.migr.cli.deadletters;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.setup.Settings;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.kafka.KafkaClients;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends the original records of dead letters again. */
@Command(
        name = "retry",
        mixinStandardHelpOptions = true,
        description = {
            "Sends the original records to the topics they came from, each dead letter once.",
            "Exit code 1: the broker refused a record, or a dead letter that was named by its id cannot be retried."
        })
final class DeadLettersRetry implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The result for one dead letter. Scripts depend on the words, which are printed. */
    private enum Outcome {
        SENT("sent"),
        WOULD_BE_SENT("would be sent"),
        RETRIED("retried already"),
        QUARANTINED("quarantined"),
        FINAL("cannot be retried"),
        REFUSED("refused by the broker"),
        MISSING("not there");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }
    }

    @Mixin
    private Settings settings;

    @Mixin
    private DeadLetterFilter filter;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "ids as migr dead-letters list prints them, e.g. 3:41")
    private Set<String> ids = Set.of();

    @Option(names = "--all", description = "retry everything that can be retried")
    private boolean all;

    @Option(names = "--dry-run", description = "print what would be sent, and send nothing")
    private boolean dryRun;

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    private final Map<Outcome, Integer> counts = new LinkedHashMap<>();

    @Override
    public Integer call() {
        boolean selected = !filter.empty() || all;
        if (ids.isEmpty() != selected) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Which dead letters? Give ids as migr dead-letters list prints them, a filter such as --reason, or"
                            + " --all.");
        }
        Configuration configuration = settings.configuration();
        KafkaClients clients = new KafkaClients(configuration);
        clients.ensureTopics();
        if (dryRun) {
            retry(new DeadLetterLog(configuration, clients), null);
        } else {
            // created first: it fences any other retrier, so the notes read next are complete
            try (DeadLetterRetrier retrier = new DeadLetterRetrier(clients)) {
                retry(new DeadLetterLog(configuration, clients), retrier);
            }
        }
        if (!json) {
            spec.commandLine()
                    .getErr()
                    .println(
                            counts.isEmpty()
                                    ? "no dead letters"
                                    : counts.entrySet().stream()
                                            .map(count -> count.getValue() + " " + count.getKey().words)
                                            .collect(Collectors.joining(", ")));
        }
        boolean namedFailed = !ids.isEmpty()
                && counts.keySet().stream()
                        .anyMatch(outcome -> outcome != Outcome.SENT && outcome != Outcome.WOULD_BE_SENT);
        return namedFailed || counts.containsKey(Outcome.REFUSED) ? 1 : 0;
    }

    private void retry(DeadLetterLog log, DeadLetterRetrier retrier) {
        Set<String> missing = new LinkedHashSet<>(ids);
        log.forEach(letter -> {
            missing.remove(letter.id());
            if (ids.isEmpty() ? filter.matches(letter) : ids.contains(letter.id())) {
                retry(letter, log.maxRetries(), retrier);
            }
        });
        missing.forEach(id -> report(id, Outcome.MISSING, "There is no such dead letter, or it has expired."));
    }

    private void retry(DeadLetter letter, int maxRetries, DeadLetterRetrier retrier) {
        Outcome outcome =
                switch (letter.state()) {
                    case OPEN -> retrier == null ? Outcome.WOULD_BE_SENT : Outcome.SENT;
                    case RETRIED -> Outcome.RETRIED;
                    case QUARANTINED -> Outcome.QUARANTINED;
                    case FINAL -> Outcome.FINAL;
                };
        String why = letter.because();
        if (why == null) {
            why = "To " + letter.topic() + ", retry " + (letter.retries() + 1) + " of " + maxRetries + ".";
        }
        if (outcome == Outcome.SENT) {
            try {
                retrier.send(letter);
            } catch (KafkaException e) {
                outcome = Outcome.REFUSED;
                why = (e.getCause() == null ? e : e.getCause()).getMessage();
            }
        }
        report(letter.id(), outcome, why);
    }

    private void report(String id, Outcome outcome, String why) {
        counts.merge(outcome, 1, Integer::sum);
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                json
                        ? JSON.createObjectNode()
                                .put("id", id)
                                .put("outcome", outcome.words)
                                .put("because", why)
                                .toString()
                        : id + "  " + outcome.words + ". " + why);
        out.flush();
    }
}
