package io.migr.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands for dead letters. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = {
            "Lists what could not be used and why, and sends it again.",
            "open: can be retried. retried: was sent again. quarantined: failed as often as may be"
                    + " (dead.letters.max.retries). final: has nothing that could be sent, such as media without consent."
        },
        subcommands = {DeadLettersList.class, DeadLettersShow.class, DeadLettersRetry.class})
public final class DeadLettersCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "A subcommand is missing: migr dead-letters list, show ID or retry ID (or --all)");
    }
}
