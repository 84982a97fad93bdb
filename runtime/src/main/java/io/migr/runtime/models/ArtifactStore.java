package io.migr.runtime.models;

import java.nio.file.Path;

/**
 * Keeps model folders under the hash of what is in them. Whoever holds a version's hash gets exactly the files that were
 * put, or one error that says why not. Any thread may call.
 */
public interface ArtifactStore {

    /**
     * Where an artifact was put.
     *
     * @param uri of the folder, for people and other programs; we go by the hash
     * @param sha256 as {@link ModelFiles#hash} has it
     */
    record Artifact(String uri, String sha256) {}

    /**
     * Keeps a copy of a model folder. It is there as a whole or not at all, also after a power cut; what is there
     * already is not written again.
     */
    Artifact put(Path folder) throws ArtifactException;

    /** A folder on this machine with the files of an artifact, checked against its hash. It must not be changed. */
    Path fetch(String sha256) throws ArtifactException;
}
