package io.migr.worker;

import io.migr.runtime.models.ArtifactStore;
import io.migr.runtime.models.ModelVersionReader;
import java.util.function.Supplier;

/**
 * Where a worker's models come from.
 *
 * @param versions opens a reader; called once
 * @param store has the files of versions
 */
public record ModelSource(Supplier<ModelVersionReader> versions, ArtifactStore store, ModelLoader loader) {}
