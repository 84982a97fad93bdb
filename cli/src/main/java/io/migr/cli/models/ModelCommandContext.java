package io.migr.cli.models;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.cli.setup.InstallationFolders;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.models.ArtifactStore;
import io.migr.runtime.models.ModelRegistry;
import io.migr.runtime.models.ModelVersions;
import io.migr.schemas.ModelVersion;
import io.migr.schemas.OffsetRange;
import io.migr.worker.ModelTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;

/** Gives commands the model registry and the store of model files, and prints model versions. */
public final class ModelCommandContext {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path configured;
    private final ModelRegistry registry;
    private final ArtifactStore store;
    private final CommandSpec spec;
    private final boolean json;

    /** Opens registry and store as configured; creates missing topics. */
    public ModelCommandContext(Configuration configuration, CommandSpec spec, boolean json) throws IOException {
        this.spec = spec;
        this.json = json;
        configured = InstallationFolders.model(configuration);
        store = InstallationFolders.store(configuration);
        KafkaClients clients = new KafkaClients(configuration);
        clients.ensureTopics();
        registry = new ModelRegistry(clients, EmotionModel.version(configured), System.getProperty("user.name"));
    }

    public ModelRegistry registry() {
        return registry;
    }

    ArtifactStore store() {
        return store;
    }

    /** Whether an id names the configured weights, which are in no registry record. */
    public boolean isConfigured(String id) {
        return id.equals(registry.configured());
    }

    /** The folder with a version's files, fetched from the store if necessary. */
    public Path folder(String id) throws IOException {
        return isConfigured(id) ? configured : store.fetch(registry.version(id).getSha256());
    }

    /**
     * Loads the model of a folder as a worker would, and tries it on a shipped clip.
     *
     * @throws IOException if it cannot serve; the message names the folder or file and the reason
     */
    static EmotionModelConfig tried(Path folder) throws IOException {
        EmotionModel model = EmotionModel.load(folder, "cpu");
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(model)) {
            EmotionModel.refuseNotFinite(folder);
            ModelTrial.of(analyser);
            return model.config();
        } catch (RuntimeException e) {
            throw new IOException("The model in " + folder + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Prints the live version, or the configured weights if no version is live. */
    void printLive(ModelVersions versions) throws IOException {
        if (versions.live().isPresent()) {
            print(versions.live().get());
        } else {
            printConfigured(versions);
        }
    }

    /** Prints a version on one line. */
    public void print(ModelVersion version) {
        line(json ? json(version).toString() : text(version));
    }

    /** Prints the configured weights, which are live if no version is. */
    void printConfigured(ModelVersions versions) throws IOException {
        String status = versions.live().isEmpty() ? "live" : "retired";
        line(
                json
                        ? JSON.createObjectNode()
                                .put("id", registry.configured())
                                .put("status", status)
                                .put("artifact", configured.toUri().toString())
                                .put("configured", true)
                                .put("needs", configuredNeeds())
                                .toString()
                        : "%s  %-9s  The configured weights, live if no other version is."
                                .formatted(registry.configured(), status));
    }

    private String configuredNeeds() throws IOException {
        return EmotionModel.readConfig(configured).needsMedia() ? "media" : "cues";
    }

    /** Prints all details of a version. */
    void printDetails(ModelVersion version) {
        if (json) {
            print(version);
            return;
        }
        line(text(version));
        line("    artifact   " + version.getArtifact());
        line("    sha256     " + version.getSha256());
        line("    needs      " + needs(version));
        line("    replaced   " + (version.getPredecessor() == null ? "-" : version.getPredecessor()));
        for (OffsetRange range : version.getTrainedOn()) {
            line("    trained on %s %d: %d to %d"
                    .formatted(range.getTopic(), range.getPartition(), range.getFrom(), range.getTo() - 1));
        }
        if (version.getRecipe() != null) {
            line("    recipe     " + version.getRecipe());
        }
        new TreeMap<>(version.getMetrics())
                .forEach((name, value) -> line(String.format(Locale.ROOT, "    %-24s %.4f", name, value)));
    }

    private static String text(ModelVersion version) {
        return "%s  %-9s  %s by %s%s. %s"
                .formatted(
                        version.getId(),
                        status(version),
                        version.getChangedAt(),
                        version.getChangedBy(),
                        version.getParent() == null ? "" : ", from " + version.getParent(),
                        version.getWhy());
    }

    private static String status(ModelVersion version) {
        return version.getStatus().name().toLowerCase(Locale.ROOT);
    }

    private static String needs(ModelVersion version) {
        return version.getNeeds().name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode json(ModelVersion version) {
        ObjectNode line = JSON.createObjectNode()
                .put("id", version.getId())
                .put("status", status(version))
                .put("parent", version.getParent())
                .put("predecessor", version.getPredecessor())
                .put("artifact", version.getArtifact())
                .put("sha256", version.getSha256())
                .put("why", version.getWhy())
                .put("changedAt", version.getChangedAt().toString())
                .put("changedBy", version.getChangedBy())
                .put("configured", false)
                .put("needs", needs(version));
        for (OffsetRange range : version.getTrainedOn()) {
            line.withArray("trainedOn")
                    .addObject()
                    .put("topic", range.getTopic())
                    .put("partition", range.getPartition())
                    .put("from", range.getFrom())
                    .put("to", range.getTo());
        }
        version.getMetrics().forEach(line.withObject("/metrics")::put);
        if (version.getRecipe() != null) {
            line.put("recipe", version.getRecipe());
        }
        return line;
    }

    private void line(String text) {
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
    }
}
