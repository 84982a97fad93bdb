package io.migr.trainer.registry;

import io.migr.runtime.Nearest;
import io.migr.runtime.models.ModelVersions;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.ModelStatus;
import io.migr.schemas.ModelVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What may become of versions, as records to write: no clock, no broker. All records of a change are written together;
 * the one that makes a version live is the first, so that a reader of uncommitted records never sees none.
 *
 * @param versions as they are
 * @param configured the version of the configured weights, which are live where no other is
 * @param why the verdict in words
 * @param now when the change is made
 * @param who makes it
 */
record VersionChange(ModelVersions versions, String configured, String why, Instant now, String who) {
    static {
        AvroSafety.set();
    }

    /** A version that is not there yet, with the status that it comes with. */
    List<ModelVersion> add(ModelVersion version) {
        if (version.getId().equals(configured) || versions.find(version.getId()).isPresent()) {
            throw new IllegalArgumentException("There is a version " + version.getId() + " already.");
        }
        if (version.getStatus() != ModelStatus.CANDIDATE && version.getStatus() != ModelStatus.REJECTED) {
            throw new IllegalArgumentException("A new version is a candidate or rejected, not "
                    + version.getStatus().name().toLowerCase(java.util.Locale.ROOT)
                    + ". Promote it when it is there.");
        }
        if (version.getParent() != null && !version.getParent().equals(configured)) {
            existing(version.getParent());
        }
        return List.of(ModelVersion.newBuilder(version)
                .setWhy(why)
                .setChangedAt(now)
                .setChangedBy(who)
                .build());
    }

    /**
     * Makes a version live, and the one that was live its predecessor.
     *
     * @param force also one that was rejected or retired
     */
    List<ModelVersion> promote(String id, boolean force) {
        String live = versions.live().map(ModelVersion::getId).orElse(configured);
        if (id.equals(live)) {
            throw new IllegalArgumentException(id + " is live already.");
        }
        if (id.equals(configured)) {
            return retireAllBut(null);
        }
        ModelVersion version = existing(id);
        if (version.getStatus() != ModelStatus.CANDIDATE && !force) {
            throw new IllegalArgumentException(described(version) + " Promote it with --force if that is meant.");
        }
        ModelVersion promoted = ModelVersion.newBuilder(changed(version, ModelStatus.LIVE))
                .setPredecessor(versions.live().map(ModelVersion::getId).orElse(null))
                .build();
        return liveAnd(promoted);
    }

    /**
     * Makes the predecessor of the live version live again. It keeps its own predecessor, so that one can go back
     * further.
     */
    List<ModelVersion> rollback() {
        ModelVersion live = versions.live()
                .orElseThrow(() -> new IllegalArgumentException("The configured weights (" + configured
                        + ") are live; there is nothing before them to roll back to."));
        if (live.getPredecessor() == null) {
            return retireAllBut(null);
        }
        return liveAnd(changed(existing(live.getPredecessor()), ModelStatus.LIVE));
    }

    /** Says that a candidate is not good enough. */
    List<ModelVersion> reject(String id, Map<String, Double> metrics) {
        Map<String, Double> all = new TreeMap<>(existing(id).getMetrics());
        all.putAll(metrics);
        return List.of(ModelVersion.newBuilder(changed(candidate(id), ModelStatus.REJECTED))
                .setMetrics(all)
                .build());
    }

    /** Says that a candidate is not to be used any more. */
    List<ModelVersion> retire(String id) {
        return List.of(changed(candidate(id), ModelStatus.RETIRED));
    }

    private ModelVersion candidate(String id) {
        if (id.equals(versions.live().map(ModelVersion::getId).orElse(configured))) {
            throw new IllegalArgumentException(id + " is live. Promote another version first, or roll back.");
        }
        if (id.equals(configured)) {
            throw new IllegalArgumentException(
                    id + " are the configured weights: they have no status and are live where no other version is.");
        }
        ModelVersion version = existing(id);
        if (version.getStatus() != ModelStatus.CANDIDATE) {
            throw new IllegalArgumentException(described(version));
        }
        return version;
    }

    ModelVersion existing(String id) {
        return versions.find(id).orElseThrow(() -> {
            List<String> known = new ArrayList<>(
                    versions.all().stream().map(ModelVersion::getId).toList());
            known.add(configured);
            return new IllegalArgumentException(
                    "There is no version " + id + "; the nearest is " + Nearest.of(id, known) + ".");
        });
    }

    private static String described(ModelVersion version) {
        return version.getId() + " is "
                + switch (version.getStatus()) {
                    case REJECTED -> "rejected";
                    case RETIRED, LIVE -> "retired";
                    case CANDIDATE -> "a candidate";
                    case UNKNOWN -> "of a status that this program does not know";
                }
                + " (" + version.getWhy() + ").";
    }

    private List<ModelVersion> liveAnd(ModelVersion live) {
        List<ModelVersion> records = new ArrayList<>(List.of(live));
        records.addAll(retireAllBut(live.getId()));
        return records;
    }

    /** The live one and those that only say that they are: none of them may come back when the new one goes. */
    private List<ModelVersion> retireAllBut(String id) {
        List<ModelVersion> records = new ArrayList<>();
        List<ModelVersion> all = new ArrayList<>(versions.overruled());
        versions.live().ifPresent(all::add);
        for (ModelVersion version : all) {
            if (!version.getId().equals(id)) {
                records.add(changed(version, ModelStatus.RETIRED));
            }
        }
        return records;
    }

    private ModelVersion changed(ModelVersion version, ModelStatus status) {
        return ModelVersion.newBuilder(version)
                .setStatus(status)
                .setWhy(why)
                .setChangedAt(now)
                .setChangedBy(who)
                .build();
    }
}
