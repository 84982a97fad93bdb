package io.migr.trainer.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.Split;
import io.migr.corpus.people.PeopleClip;
import io.migr.engine.SafeTensors;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.evaluation.promotion.PromotionGate.Verdict;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.models.FolderStore;
import io.migr.runtime.models.ModelFiles;
import io.migr.schemas.Emotion;
import io.migr.trainer.feedback.LabelledClip;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds of the shipped model of cues with few labels. */
@Tag("slow")
final class FewLabelsRoundTest {
    private static final RoundProgress SILENT = (stage, done, total, numbers, text) -> {};
    private static final Path WEIGHTS = Path.of("..", "model", "weights", "people");
    private static final int CLIPS = 24;

    @TempDir
    private static Path shared;

    private static FolderStore store;
    private static String parent;

    @TempDir
    private Path folder;

    @BeforeAll
    static void keepTheParent() throws IOException {
        store = new FolderStore(shared.resolve("store"));
        parent = store.put(WEIGHTS).sha256();
    }

    private static Labelled.Log log(int clips) {
        Labelled.Log log = new Labelled.Log();
        for (int i = 0; i < clips; i++) {
            PeopleClip clip = PeopleClip.of(i % 3, Split.RL.seed(i));
            log.add(Labelled.example(
                    "call", "p" + i % 3, i, clip, Emotion.valueOf(clip.label().name())));
        }
        return log;
    }

    private Round round(String name, Labelled.Log log, RoundProgress progress) {
        Configuration configuration = Configuration.of(Map.of(Key.TRAINER_VALIDATION_CLIPS.property(), "20"));
        RoundPlan plan = new RoundPlan(RoundRecipe.of(configuration, "people-1", parent, true), log.newest(1000), null);
        return new Round(plan, folder.resolve(name), shared.resolve("corpus"), log, store, progress);
    }

    @Test
    void aRoundKilledAtEveryStepEndsWithTheSameBytesAndVerdict() throws Exception {
        Labelled.Log log = log(CLIPS);
        Round whole = round("whole", log, SILENT);
        String hash = ModelFiles.hash(whole.train().orElseThrow());
        Verdict verdict = whole.judge();
        assertNotEquals(parent, hash);
        assertTrue(verdict.why().contains("Only temperatures and label biases were fitted"), verdict.why());
        for (int killed = 0; ; killed++) {
            int last = killed;
            int[] reports = {0};
            Round round = round("parts", log, (stage, done, total, numbers, text) -> {
                if (reports[0]++ == last) {
                    throw new RoundStoppedException();
                }
            });
            try {
                assertEquals(hash, ModelFiles.hash(round.train().orElseThrow()));
                assertEquals(verdict, round.judge());
                break;
            } catch (RoundStoppedException e) {
                assertTrue(killed < 100, "the round never ends");
            }
        }
    }

    @Test
    void onlyTheLastBiasesOfTheEvidenceAndThePriorChange() throws IOException {
        Path candidate = round("biases", log(CLIPS), SILENT).train().orElseThrow();
        Map<String, Tensor> before = SafeTensors.read(WEIGHTS.resolve("model.safetensors"));
        Map<String, Tensor> after = SafeTensors.read(candidate.resolve("model.safetensors"));
        Set<String> changed = new TreeSet<>();
        before.forEach((name, tensor) -> {
            if (!Arrays.equals(tensor.floats(), after.get(name).floats())) {
                changed.add(name);
            }
        });
        assertEquals(
                Set.of(
                        "heads.evidence.audio.2.bias",
                        "heads.evidence.both.2.bias",
                        "heads.evidence.prior",
                        "heads.evidence.visual.2.bias"),
                changed);
    }

    @Test
    void heldOutClipsChangeNothingThatIsFitted() throws IOException {
        Labelled.Log others = log(CLIPS);
        int changed = 0;
        for (int i = 0; i < CLIPS; i++) {
            if (LabelledClip.heldOut("call/p" + i % 3 + "/" + i, 5)) {
                others.add(
                        Labelled.example("call", "p" + i % 3, i, PeopleClip.of(i % 3, Split.RL.seed(i)), Emotion.FEAR));
                changed++;
            }
        }
        assertTrue(changed > 0);
        assertEquals(
                ModelFiles.hash(round("a", log(CLIPS), SILENT).train().orElseThrow()),
                ModelFiles.hash(round("b", others, SILENT).train().orElseThrow()));
    }

    @Test
    void withNineteenLabelsNothingIsLearned() throws IOException {
        Round round = round("nineteen", log(19), SILENT);
        assertEquals(Optional.empty(), round.train());
        assertEquals(19, round.counts().labels() + round.counts().nothingShown());
    }
}
