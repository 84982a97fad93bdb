package io.migr.cli.models;

import io.migr.cli.setup.Settings;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the previously live model version live again. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = "Makes the version live again that was live before. Repeat it to go further back.")
final class ModelsRollback implements Callable<Integer> {
    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--why", paramLabel = "TEXT", description = "the reason, which is kept with the version")
    private String why = "It was rolled back by hand.";

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ModelCommandContext models = new ModelCommandContext(settings.configuration(), spec, json);
        models.printLive(models.registry().rollback(why));
        return 0;
    }
}
