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

/** Makes a model version live. */
@Command(
        name = "promote",
        mixinStandardHelpOptions = true,
        description = "Makes a version live after loading it and trying it on a shipped clip, as workers will.")
final class ModelsPromote implements Callable<Integer> {
    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "ID", description = "the version as migr models list prints it")
    private String id;

    @Option(names = "--why", paramLabel = "TEXT", description = "the reason, which is kept with the version")
    private String why = "It was promoted by hand.";

    @Option(names = "--force", description = "promote even a version that was rejected or retired")
    private boolean force;

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ModelCommandContext models = new ModelCommandContext(settings.configuration(), spec, json);
        models.tried(models.folder(id));
        models.printLive(models.registry().promote(id, why, force));
        return 0;
    }
}
