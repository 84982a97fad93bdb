package io.migr.worker;

import io.migr.model.ClipAnalyser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Loads models: the first one on the inference thread, later ones on a separate thread while the inference thread
 * computes with another model.
 */
public interface ModelLoader {

    /** The local folder with the checked files of a version. */
    record Stored(String version, Path folder) {}

    /**
     * Loads a model. If {@code stored} is given, the model reports that version as its own.
     *
     * @param stored empty for the configured weights
     */
    ClipAnalyser load(Optional<Stored> stored) throws IOException;
}
