package io.migr.cli.models;

import io.migr.cli.setup.Settings;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows one model version. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows a version: its files, what it was trained on and its metrics.")
final class ModelsShow implements Callable<Integer> {
    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "ID", description = "the version as migr models list prints it")
    private String id;

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ModelCommandContext models = new ModelCommandContext(settings.configuration(), spec, json);
        if (models.isConfigured(id)) {
            models.printConfigured(models.registry().versions());
        } else {
            models.printDetails(models.registry().version(id));
        }
        return 0;
    }
}
