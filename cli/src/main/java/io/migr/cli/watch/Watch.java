package io.migr.cli.watch;

import io.migr.cli.setup.Settings;
import io.migr.cli.watch.ResultReader.Result;
import io.migr.runtime.kafka.KafkaClients;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints results as they arrive. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = {
            "Shows emotion, modality importance and explanation of each clip as they arrive.",
            "A line with ! marks an explanation that does not conclude the predicted emotion. With --json it is"
                    + " \"consistent\": false."
        })
public final class Watch implements Callable<Integer> {
    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--from-beginning", description = "also show existing results")
    private boolean fromBeginning;

    @Option(names = "--call", description = "show only this call")
    private String call;

    @Option(names = "--count", description = "stop after this many results")
    private int count = Integer.MAX_VALUE;

    @Option(names = "--timeout", description = "stop after this many seconds without a result; default: 0, never")
    private int timeout;

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        int shown = 0;
        KafkaClients clients = new KafkaClients(settings.configuration());
        clients.ensureTopics();
        try (ResultReader reader = new ResultReader(clients, fromBeginning)) {
            long last = System.nanoTime();
            while (shown < count) {
                for (Result result : reader.poll(Duration.ofMillis(200))) {
                    if (shown < count && wanted(result)) {
                        out.println(json ? ResultPrinter.json(result).toString() : ResultPrinter.text(result));
                        // picocli's writer does not see that its stream has failed
                        if (out.checkError() || System.out.checkError()) {
                            return 0; // whoever read the results, such as head, has seen enough
                        }
                        shown++;
                    }
                    last = System.nanoTime();
                }
                if (timeout > 0 && System.nanoTime() - last > timeout * 1_000_000_000L) {
                    spec.commandLine().getErr().println("migr: no result arrived within " + timeout + " s.");
                    return 1;
                }
            }
        }
        return 0;
    }

    private boolean wanted(Result result) {
        if (call == null) {
            return true;
        }
        return result.prediction() != null
                ? result.prediction().getClip().getCallId().equals(call)
                : result.deadKey() != null && result.deadKey().startsWith(call + "/");
    }
}
