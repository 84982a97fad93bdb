package io.migr.runtime.models;

import io.migr.schemas.AvroSafety;
import io.migr.schemas.ModelStatus;
import io.migr.schemas.ModelVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All versions as the topic tells them. The rule, for every reader alike:
 *
 * <ol>
 *   <li>Of each version the last record counts; one without a value takes the version away.
 *   <li>Of the versions whose last record says live, the one whose record lies last is live. The others count as
 *       retired, whatever they say: two writers cannot make two versions live.
 *   <li>Where no version is live, the configured weights are. So one model is live, always.
 * </ol>
 *
 * <p>Only last records count and compaction keeps these, in their order; so it changes nothing, nor does it matter where
 * a reader was stopped and started again.
 */
public final class ModelVersions {
    static {
        AvroSafety.set(); // copies of records need it too
    }

    /** Nobody has written any version yet. */
    public static final ModelVersions NONE = new ModelVersions(Map.of());

    /** Last records by id, in the order in which they lie in the topic. */
    private final Map<String, ModelVersion> last;

    private ModelVersions(Map<String, ModelVersion> last) {
        this.last = last;
    }

    /**
     * These after one more record.
     *
     * @param version null takes the version away
     */
    public ModelVersions with(String id, ModelVersion version) {
        Map<String, ModelVersion> changed = new LinkedHashMap<>(last);
        changed.remove(id); // or it would keep its old place
        if (version != null) {
            changed.put(id, version);
        }
        return new ModelVersions(changed);
    }

    /** The live version; empty: the configured weights are live. */
    public Optional<ModelVersion> live() {
        return last.values().stream()
                .filter(version -> version.getStatus() == ModelStatus.LIVE)
                .reduce((earlier, later) -> later);
    }

    /** A version with the status that it has by the rule. */
    public Optional<ModelVersion> find(String id) {
        return Optional.ofNullable(last.get(id)).map(this::ruled);
    }

    /** All versions with the status that they have by the rule, the last changed one last. */
    public List<ModelVersion> all() {
        return last.values().stream().map(this::ruled).toList();
    }

    /** Versions whose last record says live although another one is. */
    public List<ModelVersion> overruled() {
        List<ModelVersion> overruled = new ArrayList<>(last.values());
        overruled.removeIf(version -> version.getStatus() != ModelStatus.LIVE || isLive(version));
        return overruled;
    }

    private ModelVersion ruled(ModelVersion version) {
        return version.getStatus() != ModelStatus.LIVE || isLive(version)
                ? version
                : ModelVersion.newBuilder(version)
                        .setStatus(ModelStatus.RETIRED)
                        .build();
    }

    private boolean isLive(ModelVersion version) {
        return live().orElseThrow() == version;
    }
}
