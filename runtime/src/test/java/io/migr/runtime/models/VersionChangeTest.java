package io.migr.runtime.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.migr.schemas.ModelNeeds;
import io.migr.schemas.ModelStatus;
import io.migr.schemas.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class VersionChangeTest {
    private static final String CONFIGURED = "tiny-00000000";

    private ModelVersions versions = ModelVersions.NONE;
    private boolean carriesMedia = true;

    private static ModelVersion version(String id, ModelStatus status) {
        return ModelVersion.newBuilder()
                .setId(id)
                .setArtifact("file:///store/" + id)
                .setSha256("00")
                .setStatus(status)
                .setTrainedOn(List.of())
                .setMetrics(Map.of("war", 0.5))
                .setWhy("It is a test.")
                .setChangedAt(Instant.EPOCH)
                .setChangedBy("nobody")
                .build();
    }

    private VersionChange now() {
        return new VersionChange(versions, CONFIGURED, "Because.", Instant.ofEpochMilli(7), "ann", carriesMedia);
    }

    private void change(Function<VersionChange, List<ModelVersion>> change) {
        for (ModelVersion record : change.apply(now())) {
            versions = versions.with(record.getId(), record);
        }
    }

    private void candidates(String... ids) {
        for (String id : ids) {
            change(now -> now.add(version(id, ModelStatus.CANDIDATE)));
        }
    }

    private String live() {
        return versions.live().map(ModelVersion::getId).orElse(CONFIGURED);
    }

    private ModelStatus status(String id) {
        return versions.find(id).orElseThrow().getStatus();
    }

    private String refusal(Function<VersionChange, List<ModelVersion>> change) {
        return assertThrows(IllegalArgumentException.class, () -> change.apply(now()))
                .getMessage();
    }

    @Test
    void aPromotedVersionIsLiveAndTheOneBeforeIsRetired() {
        candidates("a", "b");
        change(now -> now.promote("a", false));
        change(now -> now.promote("b", false));
        assertEquals("b", live());
        assertEquals(ModelStatus.RETIRED, status("a"));
        assertEquals(List.of(), versions.overruled(), "the records themselves say which version is live");
        ModelVersion b = versions.live().orElseThrow();
        assertEquals("a", b.getPredecessor());
        assertEquals(
                List.of("Because.", "ann", 7L),
                List.of(b.getWhy(), b.getChangedBy(), b.getChangedAt().toEpochMilli()));
    }

    @Test
    void rollbacksLeadStepByStepToTheConfiguredWeights() {
        candidates("a", "b");
        change(now -> now.promote("a", false));
        change(now -> now.promote("b", false));
        change(VersionChange::rollback);
        assertEquals("a", live());
        assertEquals(ModelStatus.RETIRED, status("b"));
        change(VersionChange::rollback);
        assertEquals(CONFIGURED, live(), "b must not come back because its last record said live");
        assertEquals(
                "The configured weights (tiny-00000000) are live; there is nothing before them to roll back to.",
                refusal(VersionChange::rollback));
    }

    @Test
    void rejectedOrRetiredVersionsArePromotedOnlyByForce() {
        candidates("a", "b");
        change(now -> now.reject("a", Map.of("ir", 0.2)));
        change(now -> now.retire("b"));
        assertEquals(
                Map.of("war", 0.5, "ir", 0.2), versions.find("a").orElseThrow().getMetrics());
        assertEquals(
                "a is rejected (Because.). To promote it anyway, use --force.",
                refusal(now -> now.promote("a", false)));
        assertEquals(
                "b is retired (Because.). To promote it anyway, use --force.", refusal(now -> now.promote("b", false)));
        change(now -> now.promote("a", true));
        assertEquals("a", live());
    }

    @Test
    void refusalsSayWhy() {
        candidates("tiny-1a2b3c4d", "tiny-5e6f7a8b");
        assertEquals(
                "There is no version tiny-1a2b3c4e; the nearest is tiny-1a2b3c4d.",
                refusal(now -> now.promote("tiny-1a2b3c4e", true)));
        assertEquals(
                "tiny-00000000 are the configured weights: they have no status and are live if no other version is.",
                withLive("tiny-1a2b3c4d", () -> refusal(now -> now.retire(CONFIGURED))));
        assertEquals("tiny-1a2b3c4d is already live.", refusal(now -> now.promote("tiny-1a2b3c4d", true)));
        assertEquals(
                "tiny-1a2b3c4d is live. Promote another version first, or roll back.",
                refusal(now -> now.retire("tiny-1a2b3c4d")));
        assertEquals(
                "Version tiny-5e6f7a8b already exists.",
                refusal(now -> now.add(version("tiny-5e6f7a8b", ModelStatus.CANDIDATE))));
        assertEquals(
                "A new version must be a candidate or rejected, not live. Add it first, then promote it.",
                refusal(now -> now.add(version("x", ModelStatus.LIVE))));
        ModelVersion orphan = ModelVersion.newBuilder(version("x", ModelStatus.CANDIDATE))
                .setParent("tiny-5e6f7a8c")
                .build();
        assertEquals(
                "There is no version tiny-5e6f7a8c; the nearest is tiny-5e6f7a8b.", refusal(now -> now.add(orphan)));
    }

    private String withLive(String id, java.util.function.Supplier<String> then) {
        change(now -> now.promote(id, false));
        return then.get();
    }

    @Test
    void theConfiguredWeightsCanBeMadeLiveByName() {
        candidates("a");
        assertEquals("tiny-00000000 is already live.", refusal(now -> now.promote(CONFIGURED, false)));
        change(now -> now.promote("a", false));
        change(now -> now.promote(CONFIGURED, false));
        assertEquals(CONFIGURED, live());
        assertEquals(ModelStatus.RETIRED, status("a"));
    }

    @Test
    void aVersionThatNeedsMoreThanTheTopicsCarryIsNeverMadeLive() {
        candidates("media");
        change(now -> now.add(ModelVersion.newBuilder(version("cues", ModelStatus.CANDIDATE))
                .setNeeds(ModelNeeds.CUES)
                .build()));
        change(now -> now.promote("media", false));
        change(now -> now.promote("cues", false));
        carriesMedia = false;
        String why = "Version media needs the media of clips and the topics carry cues alone: set features.carry=media,"
                + " or promote a version that needs only cues.";
        assertEquals(why, refusal(VersionChange::rollback));
        change(now -> now.promote(CONFIGURED, false));
        assertEquals(why, refusal(now -> now.promote("media", true)));
        change(now -> now.promote("cues", true));
        assertEquals("cues", live());
        carriesMedia = true;
        change(now -> now.promote("media", true));
        assertEquals("media", live());
    }

    /** Also if another writer added a second live record in between, which only the rule overrules. */
    @Test
    void afterAnyChangesOneVersionIsLiveAndNoOtherRecordSaysLive() {
        for (int seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed * 7_919L);
            versions = ModelVersions.NONE;
            candidates("a", "b", "c");
            String expected = CONFIGURED;
            for (int i = 0; i < 12; i++) {
                String id = List.of("a", "b", "c").get(random.nextInt(3));
                if (random.nextInt(4) == 0) {
                    versions = versions.with(id, version(id, ModelStatus.LIVE));
                    expected = id;
                } else if (random.nextInt(3) == 0 && !live().equals(CONFIGURED)) {
                    String before = versions.live().orElseThrow().getPredecessor();
                    change(VersionChange::rollback);
                    assertEquals(List.of(), versions.overruled(), "seed " + seed);
                    expected = before == null ? CONFIGURED : before;
                } else if (!live().equals(id)) {
                    change(now -> now.promote(id, true));
                    assertEquals(List.of(), versions.overruled(), "seed " + seed);
                    expected = id;
                }
                assertEquals(expected, live(), "seed " + seed);
            }
        }
    }
}
