package io.migr.runtime.models;

import java.nio.file.Path;

/**
 * Stores model folders under the hash of their contents. Fetching by hash returns exactly the files that were stored,
 * or throws an exception that says why not. Thread-safe.
 */
public interface ArtifactStore {

    /**
     * Where an artifact is stored.
     *
     * @param uri of the folder, for people and other programs; migr itself uses only the hash
     * @param sha256 as computed by {@link ModelFiles#hash}
     */
    record Artifact(String uri, String sha256) {}

    /**
     * Stores a copy of a model folder, completely or not at all, even if the power fails. An artifact that is already
     * stored is not written again.
     */
    Artifact put(Path folder) throws ArtifactException;

    /** A local folder with the files of an artifact, checked against its hash. The caller must not change it. */
    Path fetch(String sha256) throws ArtifactException;
}
