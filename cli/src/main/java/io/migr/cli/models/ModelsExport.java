package io.migr.cli.models;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.cli.setup.Settings;
import io.migr.embedded.EnvironmentException;
import io.migr.runtime.models.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies a model version's files into a folder. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description =
                "Writes config.json, model.safetensors and tokenizer.json of a version to a folder and checks their"
                        + " hash.")
final class ModelsExport implements Callable<Integer> {
    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "ID", description = "the version as migr models list prints it")
    private String id;

    @Parameters(
            index = "1",
            paramLabel = "DIR",
            description = "the folder to write to; it is created if needed and must have none of the three files")
    private Path folder;

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ModelCommandContext models = new ModelCommandContext(settings.configuration(), spec, json);
        Path from = models.folder(id);
        for (String name : ModelFiles.NAMES) {
            if (Files.exists(folder.resolve(name))) {
                throw new EnvironmentException(folder + " already has a " + name + ". Choose another folder.");
            }
        }
        Files.createDirectories(folder);
        for (String name : ModelFiles.NAMES) {
            Files.copy(from.resolve(name), folder.resolve(name));
        }
        spec.commandLine()
                .getOut()
                .println(
                        json
                                ? new ObjectMapper()
                                        .createObjectNode()
                                        .put("id", id)
                                        .put("folder", folder.toString())
                                        .toString()
                                : id + "  written to " + folder);
        spec.commandLine().getOut().flush();
        return 0;
    }
}
