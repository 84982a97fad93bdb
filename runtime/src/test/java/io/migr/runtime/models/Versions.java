package io.migr.runtime.models;

import io.migr.schemas.ModelStatus;
import io.migr.schemas.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Creates model versions for tests. */
final class Versions {
    private Versions() {}

    static ModelVersion of(String id, ModelStatus status) {
        return ModelVersion.newBuilder()
                .setId(id)
                .setArtifact("file:///store/" + id)
                .setSha256("00")
                .setStatus(status)
                .setTrainedOn(List.of())
                .setMetrics(Map.of())
                .setWhy("It is a test.")
                .setChangedAt(Instant.EPOCH)
                .setChangedBy("ann")
                .build();
    }
}
