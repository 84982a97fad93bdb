package io.migr.worker;

import io.migr.runtime.models.ArtifactStore;
import io.migr.runtime.models.ModelVersionReader;
import java.util.function.Supplier;

/**
 * Where a worker's models come from.
 *
 * @param versions opens a reader of the versions; called once
 * @param store where the files of versions are stored
 */
public record ModelSource(Supplier<ModelVersionReader> versions, ArtifactStore store, ModelLoader loader) {}
