package io.migr.runtime.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.schemas.ModelStatus;
import io.migr.schemas.ModelVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ModelVersionsTest {
    private record Written(String id, ModelVersion version) {}

    private static Written record(String id, ModelStatus status) {
        return new Written(id, Versions.of(id, status));
    }

    private static ModelVersions after(Iterable<Written> records) {
        ModelVersions versions = ModelVersions.NONE;
        for (Written record : records) {
            versions = versions.with(record.id(), record.version());
        }
        return versions;
    }

    private static Optional<String> live(List<Written> records) {
        return after(records).live().map(ModelVersion::getId);
    }

    @Test
    void withoutALiveVersionTheConfiguredWeightsAreLive() {
        assertEquals(Optional.empty(), live(List.of()));
        assertEquals(Optional.empty(), live(List.of(record("a", ModelStatus.CANDIDATE))));
        assertEquals(Optional.empty(), live(List.of(record("a", ModelStatus.LIVE), record("a", ModelStatus.RETIRED))));
        assertEquals(Optional.empty(), live(List.of(record("a", ModelStatus.LIVE), new Written("a", null))));
    }

    @Test
    void theLastLiveRecordWinsAndTheOthersCountAsRetired() {
        ModelVersions versions = after(List.of(
                record("a", ModelStatus.LIVE), record("b", ModelStatus.LIVE), record("c", ModelStatus.CANDIDATE)));
        assertEquals("b", versions.live().orElseThrow().getId());
        assertEquals(ModelStatus.RETIRED, versions.find("a").orElseThrow().getStatus());
        assertEquals(
                List.of("a"),
                versions.overruled().stream().map(ModelVersion::getId).toList());
        assertEquals(
                List.of(ModelStatus.RETIRED, ModelStatus.LIVE, ModelStatus.CANDIDATE),
                versions.all().stream().map(ModelVersion::getStatus).toList());
        assertEquals(
                Optional.of("a"),
                live(List.of(
                        record("a", ModelStatus.LIVE), record("b", ModelStatus.LIVE), record("a", ModelStatus.LIVE))),
                "a version that is live again has the position of its last record");
    }

    /** Random histories: at most one version is live, and neither compaction nor a restart changes which one. */
    @Test
    void compactionAndRestartsDoNotChangeWhatAReaderSees() {
        ModelStatus[] statuses = ModelStatus.values();
        for (int seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed * 7_919L);
            List<Written> log = new ArrayList<>();
            Map<String, Written> compacted = new LinkedHashMap<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                String id = "v" + random.nextInt(4);
                Written record = random.nextInt(10) == 0
                        ? new Written(id, null)
                        : record(id, statuses[random.nextInt(statuses.length)]);
                log.add(record);
                compacted.remove(id);
                compacted.put(id, record);
            }
            ModelVersions whole = after(log);
            long live = whole.all().stream()
                    .filter(version -> version.getStatus() == ModelStatus.LIVE)
                    .count();
            assertEquals(whole.live().isPresent() ? 1 : 0, live, "seed " + seed);
            assertEquals(whole.all(), after(compacted.values()).all(), "seed " + seed);
            // compaction reached only the cut: before it, records superseded before the cut are gone
            int cut = random.nextInt(log.size() + 1);
            List<Written> half = new ArrayList<>();
            for (int i = 0; i < log.size(); i++) {
                String id = log.get(i).id();
                boolean superseded = log.subList(i + 1, Math.max(i + 1, cut)).stream()
                        .anyMatch(later -> later.id().equals(id));
                if (i >= cut || !superseded) {
                    half.add(log.get(i));
                }
            }
            assertTrue(half.size() <= log.size());
            assertEquals(whole.all(), after(half).all(), "seed " + seed);
        }
    }
}
