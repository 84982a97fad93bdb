package io.migr.cli;

import java.util.Set;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * What happens when somebody stops a command that computes. The engine's native code does not survive that the process
 * ends orderly beneath it: the JVM then reports a fatal error of its own. What such commands write is whole at any
 * time, so they end at once.
 */
final class Interruption {
    private static final Set<Class<?>> COMPUTING = Set.of(
            Train.Base.class,
            TrainRepeat.class,
            Train.VerifierCommand.class,
            Evaluate.class,
            ExperimentCommand.class,
            BenchNetwork.class,
            Replay.class);

    /** As shells report a process that was interrupted. */
    private static final int INTERRUPTED = 130;

    private Interruption() {}

    /** Runs the command that was asked for; for a process of its own. */
    static int run(ParseResult asked) {
        ParseResult last = asked;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (!COMPUTING.contains(last.commandSpec().userObject().getClass())) {
            return new RunLast().execute(asked);
        }
        Runtime runtime = Runtime.getRuntime();
        Thread halt = new Thread(() -> runtime.halt(INTERRUPTED), "halt");
        runtime.addShutdownHook(halt);
        try {
            return new RunLast().execute(asked);
        } finally {
            // through, or failed: the process ends by its own exit code
            runtime.removeShutdownHook(halt);
        }
    }
}
