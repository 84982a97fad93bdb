package io.migr.cli;

import io.migr.cli.bench.BenchNetwork;
import io.migr.cli.evaluate.Evaluate;
import io.migr.cli.evaluate.ExperimentCommand;
import io.migr.cli.replay.Replay;
import io.migr.cli.train.Train;
import io.migr.cli.train.TrainPeople;
import io.migr.cli.train.TrainRepeat;
import java.util.Set;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * Runs a command so that an interruption (SIGINT, SIGTERM) halts the JVM at once if the command computes with the
 * engine. During an orderly shutdown the engine's native code crashes, and the JVM reports a fatal error. The files
 * that such commands write are complete at any time, so halting is safe.
 */
final class Interruption {
    private static final Set<Class<?>> COMPUTING = Set.of(
            Train.Base.class,
            TrainPeople.class,
            TrainRepeat.class,
            Train.VerifierCommand.class,
            Evaluate.class,
            ExperimentCommand.class,
            BenchNetwork.class,
            Replay.class);

    /** The exit code by which shells report an interrupted process: 128 + SIGINT. */
    private static final int INTERRUPTED = 130;

    private Interruption() {}

    /** Runs the parsed command. Use it only in {@code main}: it may halt the process. */
    static int run(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (!COMPUTING.contains(last.commandSpec().userObject().getClass())) {
            return new RunLast().execute(parsed);
        }
        Runtime runtime = Runtime.getRuntime();
        Thread halt = new Thread(() -> runtime.halt(INTERRUPTED), "halt");
        runtime.addShutdownHook(halt);
        try {
            return new RunLast().execute(parsed);
        } finally {
            // the command has returned or failed: the process ends with its own exit code
            runtime.removeShutdownHook(halt);
        }
    }
}
