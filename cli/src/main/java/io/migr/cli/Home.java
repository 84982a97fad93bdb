package io.migr.cli;

import io.migr.runtime.Configuration;
import io.migr.runtime.Key;
import io.migr.runtime.models.ArtifactStore;
import io.migr.runtime.models.FolderStore;
import io.migr.runtime.models.S3Store;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where things of this installation lie. */
public final class Home {
    private static final String WEIGHTS = "model/weights/tiny";

    private Home() {}

    /** The model folder: as configured, or the shipped weights. */
    public static Path model(Configuration configuration) {
        String configured = configuration.text(Key.MODEL_FOLDER);
        if (!configured.isEmpty()) {
            return Path.of(configured);
        }
        String home = System.getenv("MIGR_HOME");
        Path start = home != null ? Path.of(home) : Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(WEIGHTS))) {
                return folder.resolve(WEIGHTS);
            }
        }
        throw new EnvironmentException(
                "The shipped weights are not found from " + start + ". Run ./migr, or set model.folder to a model.");
    }

    /** Where the embedded broker keeps its data. */
    public static Path data(Configuration configuration) {
        String configured = configuration.text(Key.DATA_FOLDER);
        return configured.isEmpty() ? Path.of(System.getProperty("user.home"), ".migr", "data") : Path.of(configured);
    }

    /** Where rounds of training keep their files: as configured, or beside the data. */
    static Path training(Configuration configuration) {
        String configured = configuration.text(Key.TRAINER_FOLDER);
        return configured.isEmpty()
                ? data(configuration).toAbsolutePath().resolveSibling("training")
                : Path.of(configured);
    }

    /** Where model versions are kept: as configured, or beside the data. */
    public static ArtifactStore store(Configuration configuration) {
        String configured = configuration.text(Key.MODELS_STORE);
        Path beside = data(configuration).toAbsolutePath().resolveSibling("models");
        if (S3Store.isNamed(configured)) {
            return S3Store.open(
                    configured,
                    configuration.text(Key.MODELS_S3_ENDPOINT),
                    configuration.text(Key.MODELS_S3_REGION),
                    beside);
        }
        return new FolderStore(configured.isEmpty() ? beside : Path.of(configured));
    }
}
