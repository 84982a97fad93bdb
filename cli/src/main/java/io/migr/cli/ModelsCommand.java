package io.migr.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands for model versions. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        description = {
            "Lists model versions and says which is live; running workers take a new one over between two batches.",
            "candidate: may become live. live: workers use it. rejected: measured and not good enough. retired: was"
                    + " live, or is not wanted. Where none is live, the configured weights (model.folder) are."
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
                        + " import DIR");
    }
}
