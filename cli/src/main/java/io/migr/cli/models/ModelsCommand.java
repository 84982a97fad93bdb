package io.migr.cli.models;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands for model versions. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        description = {
            "Lists model versions and changes which one is live. Running workers load a new live version between two"
                    + " batches.",
            "candidate: can become live. live: workers use it. rejected: evaluated and not good enough. retired: was"
                    + " live, or is no longer wanted. While no version is live, workers use the configured model"
                    + " (model.folder)."
        },
        subcommands = {
            ModelsList.class,
            ModelsShow.class,
            ModelsPromote.class,
            ModelsRollback.class,
            ModelsRetire.class,
            ModelsExport.class,
            ModelsImport.class
        })
public final class ModelsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "A subcommand is missing: migr models list, show ID, promote ID, rollback, retire ID, export ID DIR or"
                        + " import DIR.");
    }
}
