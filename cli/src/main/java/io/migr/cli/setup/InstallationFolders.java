package io.migr.cli.setup;

import io.migr.embedded.EnvironmentException;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.ConfigurationException;
import io.migr.runtime.config.Key;
import io.migr.runtime.models.ArtifactStore;
import io.migr.runtime.models.FolderStore;
import io.migr.runtime.models.S3Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folders of this installation: model, data, waiting halves, training, and the store of model versions. */
public final class InstallationFolders {
    private static final String WEIGHTS = "model/weights/people";
    private static final String RESEARCH = "model/weights/tiny";

    private InstallationFolders() {}

    /**
     * The model folder: as configured, or the shipped weights.
     *
     * @throws EnvironmentException if no folder is configured and the shipped weights are not found
     */
    public static Path model(Configuration configuration) {
        return model(configuration, WEIGHTS);
    }

    /** The model folder for research on pictures and sound: as configured, or the weights {@code tiny}. */
    public static Path researchModel(Configuration configuration) {
        return model(configuration, RESEARCH);
    }

    /**
     * The model folder for a command whose broker has no versions, so that this model answers every clip.
     *
     * @throws ConfigurationException if the model needs more than the topics carry
     * @throws EnvironmentException if there is no such model
     */
    public static Path fittingModel(Configuration configuration) {
        Path folder = model(configuration);
        boolean needsMedia;
        try {
            needsMedia = EmotionModel.readConfig(folder).needsMedia();
        } catch (IOException e) {
            throw new EnvironmentException(e.getMessage(), e);
        }
        if (needsMedia && !configuration.carriesMedia()) {
            throw new ConfigurationException(List.of("the model in " + folder
                    + " reads pictures and sound, which features.carry=cues keeps from it: set features.carry=media"
                    + " (--features-carry media), or choose another model.folder"));
        }
        return folder;
    }

    private static Path model(Configuration configuration, String weights) {
        String configured = configuration.text(Key.MODEL_FOLDER);
        return configured.isEmpty() ? shipped(weights) : Path.of(configured);
    }

    private static Path shipped(String weights) {
        String home = System.getenv("MIGR_HOME");
        Path start = home != null ? Path.of(home) : Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(weights))) {
                return folder.resolve(weights);
            }
        }
        throw new EnvironmentException(
                "No shipped weights in " + start + " or above it. Run ./migr, or set model.folder to a model folder.");
    }

    /**
     * The data folder of the embedded broker: as configured, or ~/.migr/data.
     *
     * @throws EnvironmentException if none is configured and there is no home folder
     */
    public static Path data(Configuration configuration) {
        String configured = configuration.text(Key.DATA_FOLDER);
        if (!configured.isEmpty()) {
            return Path.of(configured);
        }
        String home = System.getProperty("user.home");
        if (!Path.of(home).isAbsolute()) {
            // Java gives a question mark for a user whom the system does not know
            throw new EnvironmentException("This user has no home folder (user.home is \"" + home
                    + "\"), so there is no default for the data folder. Set data.folder (MIGR_DATA_FOLDER); streams.folder,"
                    + " models.store and trainer.folder are next to it unless they are set.");
        }
        return Path.of(home, ".migr", "data");
    }

    /** The folder for the files of training rounds: as configured, or {@code training} next to the data folder. */
    static Path training(Configuration configuration) {
        String configured = configuration.text(Key.TRAINER_FOLDER);
        return configured.isEmpty()
                ? data(configuration).toAbsolutePath().resolveSibling("training")
                : Path.of(configured);
    }

    /** The folder for waiting halves: as configured, or {@code streams} next to the data folder. */
    static Path streams(Configuration configuration) {
        String configured = configuration.text(Key.STREAMS_FOLDER);
        return configured.isEmpty()
                ? data(configuration).toAbsolutePath().resolveSibling("streams")
                : Path.of(configured);
    }

    /** The store of model versions: as configured, or {@code models} next to the data folder. */
    public static ArtifactStore store(Configuration configuration) {
        String configured = configuration.text(Key.MODELS_STORE);
        if (!configured.isEmpty() && !S3Store.isNamed(configured)) {
            return new FolderStore(Path.of(configured));
        }
        Path sibling = data(configuration).toAbsolutePath().resolveSibling("models");
        if (S3Store.isNamed(configured)) {
            return S3Store.open(
                    configured,
                    configuration.text(Key.MODELS_S3_ENDPOINT),
                    configuration.text(Key.MODELS_S3_REGION),
                    sibling);
        }
        return new FolderStore(sibling);
    }
}
