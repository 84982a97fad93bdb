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

/** Retires a candidate. */
@Command(
        name = "retire",
        mixinStandardHelpOptions = true,
        description = "Marks a candidate as no longer wanted. promote --force can still make it live.")
final class ModelsRetire implements Callable<Integer> {
    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "ID", description = "the version as migr models list prints it")
    private String id;

    @Option(names = "--why", paramLabel = "TEXT", description = "the reason, which is kept with the version")
    private String why = "It was retired by hand.";

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ModelCommandContext models = new ModelCommandContext(settings.configuration(), spec, json);
        models.print(models.registry().retire(id, why).find(id).orElseThrow());
        return 0;
    }
}
