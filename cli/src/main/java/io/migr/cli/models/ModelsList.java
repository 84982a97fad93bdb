package io.migr.cli.models;

import io.migr.cli.setup.Settings;
import io.migr.runtime.models.ModelVersions;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists model versions. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the configured model and all versions, the most recently changed last.")
final class ModelsList implements Callable<Integer> {
    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ModelCommandContext models = new ModelCommandContext(settings.configuration(), spec, json);
        ModelVersions versions = models.registry().versions();
        models.printConfigured(versions);
        versions.all().forEach(models::print);
        return 0;
    }
}
