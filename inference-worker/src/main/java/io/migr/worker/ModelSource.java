package io.migr.worker;

import io.migr.runtime.models.ArtifactStore;
import io.migr.runtime.models.ModelVersionReader;
import java.util.function.Supplier;

/**
 * Where a worker's models come from.
 *
 * @param versions opens a reader of the versions; called once
 * @param store where the files of versions are stored
 * @param carriesMedia whether requests carry pictures and sound; if not, versions that need them do not serve
 */
public record ModelSource(
        Supplier<ModelVersionReader> versions, ArtifactStore store, ModelLoader loader, boolean carriesMedia) {}
