package io.migr.runtime.models;

import io.migr.runtime.config.NearestName;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.ModelStatus;
import io.migr.schemas.ModelVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rules for changing versions; each change is a list of records to write, without a clock or a broker. All records
 * of a change are written together; the one that makes a version live comes first, so that a reader of uncommitted
 * records always sees a live version.
 *
 * @param versions the current versions
 * @param configured the version of the configured weights, which are live if no other version is
 * @param why the reason for the change
 * @param now time of the change
 * @param who author of the change
 * @param carriesMedia whether the topics carry the media of clips, so that a version that needs it may become live
 */
record VersionChange(
        ModelVersions versions, String configured, String why, Instant now, String who, boolean carriesMedia) {
    static {
        AvroSafety.set();
    }

    /** Adds a new version with the status that it has. */
    List<ModelVersion> add(ModelVersion version) {
        if (version.getId().equals(configured) || versions.find(version.getId()).isPresent()) {
            throw new IllegalArgumentException("Version " + version.getId() + " already exists.");
        }
        if (version.getStatus() != ModelStatus.CANDIDATE && version.getStatus() != ModelStatus.REJECTED) {
            throw new IllegalArgumentException("A new version must be a candidate or rejected, not "
                    + version.getStatus().name().toLowerCase(java.util.Locale.ROOT)
                    + ". Add it first, then promote it.");
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
     * @param force whether to allow a rejected or retired version
     */
    List<ModelVersion> promote(String id, boolean force) {
        String live = versions.live().map(ModelVersion::getId).orElse(configured);
        if (id.equals(live)) {
            throw new IllegalArgumentException(id + " is already live.");
        }
        if (id.equals(configured)) {
            return retireAllBut(null);
        }
        ModelVersion version = existing(id);
        if (version.getStatus() != ModelStatus.CANDIDATE && !force) {
            throw new IllegalArgumentException(described(version) + " To promote it anyway, use --force.");
        }
        requireFit(version);
        ModelVersion promoted = ModelVersion.newBuilder(withStatus(version, ModelStatus.LIVE))
                .setPredecessor(versions.live().map(ModelVersion::getId).orElse(null))
                .build();
        return makeLive(promoted);
    }

    /**
     * Makes the predecessor of the live version live again. It keeps its own predecessor, so that further rollbacks are
     * possible.
     */
    List<ModelVersion> rollback() {
        ModelVersion live = versions.live()
                .orElseThrow(() -> new IllegalArgumentException("The configured weights (" + configured
                        + ") are live; there is nothing before them to roll back to."));
        if (live.getPredecessor() == null) {
            return retireAllBut(null);
        }
        ModelVersion before = existing(live.getPredecessor());
        requireFit(before);
        return makeLive(withStatus(before, ModelStatus.LIVE));
    }

    /** Refuses a version that needs more than the topics carry; no force helps, as it could not answer a clip. */
    private void requireFit(ModelVersion version) {
        if (!ModelVersions.fits(version, carriesMedia)) {
            throw new IllegalArgumentException(unfit(version));
        }
    }

    /** Why a version that needs media cannot become live where the topics carry none. */
    static String unfit(ModelVersion version) {
        return "Version " + version.getId() + " needs the media of clips and the topics carry cues alone: set"
                + " features.carry=media, or promote a version that needs only cues.";
    }

    /** Marks a candidate as rejected and adds the metrics behind the rejection. */
    List<ModelVersion> reject(String id, Map<String, Double> metrics) {
        Map<String, Double> all = new TreeMap<>(existing(id).getMetrics());
        all.putAll(metrics);
        return List.of(ModelVersion.newBuilder(withStatus(candidate(id), ModelStatus.REJECTED))
                .setMetrics(all)
                .build());
    }

    /** Retires a candidate, so that it is no longer offered for promotion. */
    List<ModelVersion> retire(String id) {
        return List.of(withStatus(candidate(id), ModelStatus.RETIRED));
    }

    /** The version with this id, which must be a candidate. */
    private ModelVersion candidate(String id) {
        if (id.equals(versions.live().map(ModelVersion::getId).orElse(configured))) {
            throw new IllegalArgumentException(id + " is live. Promote another version first, or roll back.");
        }
        if (id.equals(configured)) {
            throw new IllegalArgumentException(
                    id + " are the configured weights: they have no status and are live if no other version is.");
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
                    "There is no version " + id + "; the nearest is " + NearestName.of(id, known) + ".");
        });
    }

    private static String described(ModelVersion version) {
        return version.getId() + " is "
                + switch (version.getStatus()) {
                    case REJECTED -> "rejected";
                    case RETIRED, LIVE -> "retired";
                    case CANDIDATE -> "a candidate";
                    case UNKNOWN -> "in a status that this program does not know";
                }
                + " (" + version.getWhy() + ").";
    }

    private List<ModelVersion> makeLive(ModelVersion live) {
        List<ModelVersion> records = new ArrayList<>(List.of(live));
        records.addAll(retireAllBut(live.getId()));
        return records;
    }

    /**
     * Retires the live version and those whose records say live although another version overrules them, so that none
     * of them becomes live again when the new one is retired.
     */
    private List<ModelVersion> retireAllBut(String id) {
        List<ModelVersion> records = new ArrayList<>();
        List<ModelVersion> all = new ArrayList<>(versions.overruled());
        versions.live().ifPresent(all::add);
        for (ModelVersion version : all) {
            if (!version.getId().equals(id)) {
                records.add(withStatus(version, ModelStatus.RETIRED));
            }
        }
        return records;
    }

    private ModelVersion withStatus(ModelVersion version, ModelStatus status) {
        return ModelVersion.newBuilder(version)
                .setStatus(status)
                .setWhy(why)
                .setChangedAt(now)
                .setChangedBy(who)
                .build();
    }
}
