package io.migr.worker;

import io.migr.model.ClipAnalyser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Loads models. The first one on the inference thread, later ones on a thread of their own while that one computes with
 * another model.
 */
public interface ModelLoader {

    /** The files of a version on this machine, checked. */
    record Stored(String version, Path folder) {}

    /**
     * Loads a model that calls itself by its version.
     *
     * @param stored empty: the configured weights
     */
    ClipAnalyser load(Optional<Stored> stored) throws IOException;
}
