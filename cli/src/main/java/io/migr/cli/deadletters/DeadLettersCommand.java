package io.migr.cli.deadletters;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands for dead letters. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = {
            "Lists records that could not be processed and why, and sends them again.",
            "open: can be retried. retried: was sent again. quarantined: failed after dead.letters.max.retries"
                    + " retries. final: has nothing to send, such as media without consent."
        },
        subcommands = {DeadLettersList.class, DeadLettersShow.class, DeadLettersRetry.class})
public final class DeadLettersCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "A subcommand is missing: migr dead-letters list, show ID or retry ID (or --all).");
    }
}
