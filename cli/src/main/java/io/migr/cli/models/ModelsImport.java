package io.migr.cli.models;

import io.migr.cli.setup.Settings;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.runtime.models.ArtifactStore.Artifact;
import io.migr.schemas.ModelNeeds;
import io.migr.schemas.ModelStatus;
import io.migr.schemas.ModelVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Adds a model version from a folder. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description =
                "Loads a model folder and tries it on a shipped clip, copies it to the model store and adds it as a candidate.")
final class ModelsImport implements Callable<Integer> {
    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "DIR",
            description = "a folder with config.json, model.safetensors and tokenizer.json")
    private Path folder;

    @Option(names = "--parent", paramLabel = "ID", description = "the version it was trained from")
    private String parent;

    @Option(names = "--why", paramLabel = "TEXT", description = "a note that is kept with the version")
    private String why = "It was imported by hand.";

    @Option(names = "--json", description = "print one JSON object per line")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        ModelCommandContext models = new ModelCommandContext(settings.configuration(), spec, json);
        EmotionModelConfig config = models.tried(folder);
        Artifact artifact = models.store().put(folder);
        ModelVersion version = ModelVersion.newBuilder()
                .setId(config.name() + "-" + artifact.sha256().substring(0, 8))
                .setParent(parent)
                .setArtifact(artifact.uri())
                .setSha256(artifact.sha256())
                .setStatus(ModelStatus.CANDIDATE)
                .setTrainedOn(List.of())
                .setMetrics(Map.of())
                .setWhy(why)
                .setChangedAt(Instant.now())
                .setChangedBy("")
                .setNeeds(config.needsMedia() ? ModelNeeds.MEDIA : ModelNeeds.CUES)
                .build();
        models.print(models.registry().add(version, why).find(version.getId()).orElseThrow());
        return 0;
    }
}
