package io.migr.cli;

import io.migr.runtime.ConfigurationException;
import io.migr.runtime.models.ArtifactException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the command line. Exit codes: 0 fine, 1 failed, 2 usage, 3 environment. */
@Command(
        name = "migr",
        description = "Reads emotion out of live video calls and says why.",
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

    /** The parser with our way of reporting: one clear line, the stack only with MIGR_TRACE=1. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Migr());
        Settings.register(line);
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
        throw new ParameterException(spec.commandLine(), "Say what to do.");
    }

    private static String describe(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
