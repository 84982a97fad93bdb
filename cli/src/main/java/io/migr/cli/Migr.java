package io.migr.cli;

import io.migr.cli.bench.Bench;
import io.migr.cli.deadletters.DeadLettersCommand;
import io.migr.cli.doctor.ConfigCommand;
import io.migr.cli.doctor.Doctor;
import io.migr.cli.evaluate.CorpusCommand;
import io.migr.cli.evaluate.Evaluate;
import io.migr.cli.evaluate.ExperimentCommand;
import io.migr.cli.feed.Feed;
import io.migr.cli.label.Label;
import io.migr.cli.models.ModelsCommand;
import io.migr.cli.replay.Replay;
import io.migr.cli.serve.Demo;
import io.migr.cli.serve.Serve;
import io.migr.cli.serve.Up;
import io.migr.cli.setup.Settings;
import io.migr.cli.train.Train;
import io.migr.cli.watch.Watch;
import io.migr.embedded.EnvironmentException;
import io.migr.runtime.config.ConfigurationException;
import io.migr.runtime.models.ArtifactException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The root command. Exit codes: 0 success, 1 failure, 2 wrong usage, 3 something is missing or already in use on this
 * machine.
 */
@Command(
        name = "migr",
        description = "Recognises emotion in live video calls and explains each result.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Demo.class,
            Up.class,
            Feed.class,
            Watch.class,
            Label.class,
            Serve.class,
            Train.class,
            Evaluate.class,
            ExperimentCommand.class,
            CorpusCommand.class,
            Bench.class,
            Doctor.class,
            ModelsCommand.class,
            Replay.class,
            DeadLettersCommand.class,
            ConfigCommand.class,
            HelpCommand.class
        })
public final class Migr implements Runnable {
    @Spec
    private CommandSpec spec;

    private Migr() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().setExecutionStrategy(Interruption::run).execute(arguments));
    }

    /** The parser. It prints a failure in one line, and its stack trace only if MIGR_TRACE is 1. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Migr());
        Settings.register(line);
        CommandGroups.register(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("migr: " + describe(failure));
            if ("1".equals(System.getenv("MIGR_TRACE"))) {
                failure.printStackTrace(command.getErr());
            }
            if (failure instanceof ConfigurationException) {
                return CommandLine.ExitCode.USAGE;
            }
            return failure instanceof EnvironmentException || failure instanceof ArtifactException ? 3 : 1;
        });
        return line;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new ParameterException(
                spec.commandLine(), "A command is missing. The list is above; migr COMMAND --help explains one.");
    }

    private static String describe(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
