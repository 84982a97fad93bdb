package io.migr.runtime.models;

import io.migr.schemas.AvroSafety;
import io.migr.schemas.ModelNeeds;
import io.migr.schemas.ModelStatus;
import io.migr.schemas.ModelVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All versions, as recorded in their topic. Every reader applies the same rules:
 *
 * <ol>
 *   <li>The last record of a version counts; a record without a value deletes the version.
 *   <li>Of the versions whose last record has status live, the one with the newest last record is live. The others
 *       count as retired whatever their status says: two writers cannot make two versions live.
 *   <li>If no version is live, the configured weights are. So exactly one model is live at any time.
 * </ol>
 *
 * <p>Only last records count, and compaction keeps these in order. So compaction changes nothing, and a reader can stop
 * and start anywhere.
 */
public final class ModelVersions {
    static {
        AvroSafety.set(); // also needed to copy records
    }

    /** No versions: the topic is empty. */
    public static final ModelVersions NONE = new ModelVersions(Map.of());

    /** Last records by id, in topic order. */
    private final Map<String, ModelVersion> last;

    private ModelVersions(Map<String, ModelVersion> last) {
        this.last = last;
    }

    /**
     * These versions after one more record.
     *
     * @param version null deletes the version
     */
    public ModelVersions with(String id, ModelVersion version) {
        Map<String, ModelVersion> changed = new LinkedHashMap<>(last);
        changed.remove(id); // otherwise it would keep its old position
        if (version != null) {
            changed.put(id, version);
        }
        return new ModelVersions(changed);
    }

    /** The live version; empty if the configured weights are live. */
    public Optional<ModelVersion> live() {
        return last.values().stream()
                .filter(version -> version.getStatus() == ModelStatus.LIVE)
                .reduce((earlier, later) -> later);
    }

    /** Whether a version needs no more than the topics carry. */
    public static boolean fits(ModelVersion version, boolean carriesMedia) {
        return carriesMedia || version.getNeeds() == ModelNeeds.CUES;
    }

    /**
     * The version that workers serve: the live one, or if it needs more than the topics carry, the nearest of its
     * predecessors that does not; empty for the configured weights.
     */
    public Optional<ModelVersion> serving(boolean carriesMedia) {
        return live().filter(version -> fits(version, carriesMedia))
                .or(() -> live().flatMap(version -> before(version, carriesMedia)));
    }

    /** The nearest of a version's predecessors that fits; empty for the configured weights. */
    public Optional<ModelVersion> before(ModelVersion version, boolean carriesMedia) {
        Set<String> seen = new HashSet<>(); // two versions may be each other's predecessor
        Optional<ModelVersion> before = Optional.of(version);
        do {
            seen.add(before.get().getId());
            before = Optional.ofNullable(before.get().getPredecessor())
                    .filter(id -> !seen.contains(id))
                    .map(last::get);
        } while (before.isPresent() && !fits(before.get(), carriesMedia));
        return before;
    }

    /** A version with its effective status, by the rules above. */
    public Optional<ModelVersion> find(String id) {
        return Optional.ofNullable(last.get(id)).map(this::withEffectiveStatus);
    }

    /** All versions with their effective status, by the rules above; the one changed last is at the end. */
    public List<ModelVersion> all() {
        return last.values().stream().map(this::withEffectiveStatus).toList();
    }

    /** Versions whose last record has status live although another version is live. */
    public List<ModelVersion> overruled() {
        List<ModelVersion> overruled = new ArrayList<>(last.values());
        overruled.removeIf(version -> version.getStatus() != ModelStatus.LIVE || isLive(version));
        return overruled;
    }

    private ModelVersion withEffectiveStatus(ModelVersion version) {
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
