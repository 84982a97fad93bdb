package io.migr.trainer.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.migr.corpus.Split;
import io.migr.corpus.text.Rationale;
import io.migr.engine.Weights;
import io.migr.evaluation.promotion.PromotionGate.Verdict;
import io.migr.model.Emotion;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.checkpoint.ModelSizes;
import io.migr.model.explain.Tokenizer;
import io.migr.model.importance.ImportanceRule;
import io.migr.runtime.models.FolderStore;
import io.migr.runtime.models.ModelFiles;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentTerms;
import io.migr.schemas.LogMelCodec;
import io.migr.schemas.TrainingExample;
import io.migr.trainer.feedback.LabelledClip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds at the smallest size; tests the procedure, not how much is learned. */
@Tag("slow")
final class RoundTest {
    private static final RoundProgress SILENT = (stage, done, total, numbers, text) -> {};
    private static final int CLIPS = 40;

    @TempDir
    private static Path shared;

    private static FolderStore store;
    private static String parent;
    private static Whole whole;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeAParent() throws IOException {
        Set<String> words = new LinkedHashSet<>(Rationale.vocabulary());
        words.addAll(List.of("which", "emotion"));
        Path file = shared.resolve("words.json");
        Tokenizer.writeWordLevel(file, words);
        int size;
        try (Tokenizer tokenizer = Tokenizer.load(file)) {
            size = tokenizer.size();
        }
        EmotionModelConfig config = new EmotionModelConfig(
                "micro",
                ModelSizes.micro(size),
                Emotion.DFEW,
                true,
                "which emotion",
                "<video> <audio> which emotion",
                1,
                new ImportanceRule(1, 0.1),
                4);
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                Weights weights = Weights.random(manager, config.manifest(), new SplittableRandom(3))) {
            EmotionModel.write(shared.resolve("parent"), config, weights.tensors(false), new ArrayList<>(words));
        }
        store = new FolderStore(shared.resolve("store"));
        parent = store.put(shared.resolve("parent")).sha256();
    }

    private static io.migr.schemas.Emotion label(int clip) {
        return io.migr.schemas.Emotion.valueOf(
                Emotion.DFEW.get(clip % Emotion.DFEW.size()).name());
    }

    private static Labelled.Log log(int clips) {
        Labelled.Log log = new Labelled.Log();
        for (int i = 0; i < clips; i++) {
            log.add(Labelled.example("ann", i, Split.RL.seed(i), label(i)));
        }
        return log;
    }

    /** The results and folder of an uninterrupted round of {@link #CLIPS} clips. */
    private record Whole(Path folder, String hash, Verdict verdict) {}

    private static Whole whole() throws Exception {
        if (whole == null) {
            Path place = shared.resolve("whole");
            Round round = new Round(plan(log(CLIPS)), place, shared.resolve("corpus"), log(CLIPS), store, SILENT);
            whole = new Whole(place, ModelFiles.hash(round.train().orElseThrow()), round.judge());
        }
        return whole;
    }

    private static RoundPlan plan(ExampleLog log) {
        RoundRecipe recipe =
                new RoundRecipe("micro-1", parent, 5, 30, 10, 6, 40, 11, 1e-3, 1, 1e-4, 30, 20, 1, false, null);
        return new RoundPlan(recipe, log.newest(1000), null);
    }

    private Round round(String name, ExampleLog log, RoundProgress progress) {
        return new Round(plan(log), folder.resolve(name), shared.resolve("corpus"), log, store, progress);
    }

    private String trained(String name, ExampleLog log) throws IOException {
        return ModelFiles.hash(round(name, log, SILENT).train().orElseThrow());
    }

    @Test
    void aRoundKilledAtEveryStepEndsWithTheSameBytesAndVerdict() throws Exception {
        Labelled.Log log = log(CLIPS);
        String hash = whole().hash();
        Verdict verdict = whole().verdict();
        int killed = 0;
        for (boolean through = false; !through; killed++) {
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
                through = true;
            } catch (RoundStoppedException e) {
                assertTrue(killed < 100, "the round never ends");
            }
        }
        assertTrue(killed > 5, "it was killed only " + killed + " times");
        assertFalse(verdict.promoted(), verdict.why());
        assertNotEquals(parent, hash);
    }

    /** Its file of clips had another name and form. */
    @Test
    void aRoundThatAnEarlierVersionOfMigrBeganGathersItsClipsAgain() throws Exception {
        Path earlier = Files.createDirectories(folder.resolve("earlier"));
        for (String name : List.of("gathered.json", "feedback.jsonl")) {
            Files.copy(whole().folder().resolve(name), earlier.resolve(name));
        }
        Files.write(earlier.resolve("feedback.clips"), new byte[1]);
        assertEquals(whole().hash(), trained("earlier", log(CLIPS)));
    }

    @Test
    void trainingClipsChangeTheCandidateAndHeldOutClipsDoNot() throws Exception {
        Labelled.Log others = log(CLIPS);
        int changed = 0;
        for (int i = 0; i < CLIPS; i++) {
            if (LabelledClip.heldOut("call/ann/" + i)) {
                others.add(Labelled.example("ann", i, Split.RL.seed(i), label(i + 1)));
                changed++;
            }
        }
        assertTrue(changed > 0);
        String hash = whole().hash();
        assertEquals(hash, trained("b", others));
        assertEquals(changed, round("b", others, SILENT).counts().heldOut());
        others.add(Labelled.example("ann", 1, Split.RL.seed(1), label(3)));
        assertFalse(LabelledClip.heldOut("call/ann/1"));
        assertNotEquals(hash, trained("c", others));
    }

    @Test
    void unusableExamplesAreRefusedAndCounted() throws Exception {
        Labelled.Log log = log(8);
        log.addBroken();
        log.add(Labelled.example("bob", 1, Split.RL.seed(20), io.migr.schemas.Emotion.ANXIETY));
        log.add(Labelled.example("bob", 2, Split.RL.seed(21), io.migr.schemas.Emotion.ANXIETY));
        // the last label counts: the first clip is usable again, the second is no longer usable
        log.add(Labelled.example("bob", 2, Split.RL.seed(21), io.migr.schemas.Emotion.SAD));
        log.add(Labelled.example("ann", 0, Split.RL.seed(0), io.migr.schemas.Emotion.CONTEMPT));
        var broken = Labelled.example("bob", 3, Split.RL.seed(22), io.migr.schemas.Emotion.SAD);
        broken.getRequest().getAudio().getSound().setPeak(Float.NaN);
        log.add(broken);
        // a log-mel that training does not read
        var other = Labelled.example("bob", 4, Split.RL.seed(23), io.migr.schemas.Emotion.SAD);
        other.getRequest().getAudio().setSound(null);
        other.getRequest().getAudio().setMelBins(64);
        other.getRequest().getAudio().setMelFrames(300);
        other.getRequest().getAudio().setLogMel(LogMelCodec.encode(new float[64][300]));
        log.add(other);
        Round round = round("refused", log, SILENT);
        assertTrue(round.train().isPresent());
        ExampleCounts gathered = round.counts();
        assertEquals(2, gathered.foreignLabels());
        assertEquals(3, gathered.unreadable());
        assertEquals(12, gathered.clips());
        assertEquals(8, gathered.training() + gathered.heldOut() + gathered.nothingShown());
        assertEquals(2.0, gathered.numbers().get("examples.refused.label"));
    }

    private static TrainingExample withoutMedia(int sequence) {
        TrainingExample example =
                Labelled.example("dan", sequence, Split.RL.seed(30 + sequence), io.migr.schemas.Emotion.SAD);
        example.getRequest().getVisual().setFrames(List.of());
        example.getRequest().getAudio().setSound(null);
        return example;
    }

    /** The same weights as without them: they are not learned as black pictures. */
    @Test
    void examplesWithoutMediaAreCountedAndNeverLearned() throws Exception {
        Labelled.Log log = log(CLIPS);
        for (int i = 0; i < 20; i++) { // both trained and held out
            log.add(withoutMedia(i));
        }
        assertEquals(whole().hash(), trained("cues", log));
        ExampleCounts gathered = round("cues", log, SILENT).counts();
        assertEquals(20, gathered.withoutMedia());
        assertEquals(20.0, gathered.numbers().get("examples.refused.media"));
        assertEquals(CLIPS + 20, gathered.clips());
        Labelled.Log nothingElse = new Labelled.Log();
        nothingElse.add(withoutMedia(0));
        assertEquals(Optional.empty(), round("only-cues", nothingElse, SILENT).train());
        String counts = round("only-cues", nothingElse, SILENT).counts().toString();
        assertTrue(counts.contains("1 without media, which training reads (features.carry)"), counts);
    }

    private static TrainingExample agreed(int sequence, Consumer<ConsentTerms> change) {
        AvroSafety.set();
        ConsentTerms terms = ConsentTerms.newBuilder()
                .setPurposes(List.of(ConsentPurpose.ANALYSIS, ConsentPurpose.TRAINING))
                .build();
        change.accept(terms);
        TrainingExample example =
                Labelled.example("eve", sequence, Split.RL.seed(30 + sequence), io.migr.schemas.Emotion.SAD);
        example.setTerms(terms);
        return example;
    }

    /** The same weights as without them: nothing of them is learned. */
    @Test
    void examplesWhoseTermsDoNotPermitTrainingAreNeitherLearnedNorMeasured() throws Exception {
        Labelled.Log log = log(CLIPS);
        for (int i = 0; i < 40; i++) { // both trained and held out
            log.add(agreed(i, terms -> terms.setPurposes(List.of(ConsentPurpose.ANALYSIS))));
        }
        log.add(agreed(40, terms -> terms.setExpiresAt(Instant.now())));
        log.add(agreed(41, terms -> terms.setWithdrawnAt(Instant.now())));
        TrainingExample older = agreed(42, terms -> terms.setPurposes(List.of()));
        older.getRequest().setTerms(older.getTerms());
        older.setTerms(null);
        log.add(older);
        assertEquals(whole().hash(), trained("terms", log));
        ExampleCounts gathered = round("terms", log, SILENT).counts();
        assertEquals(43, gathered.notPermitted());
        assertEquals(43.0, gathered.numbers().get("examples.refused.terms"));
        assertTrue(gathered.toString().contains("43 whose terms of consent do not permit training"), gathered + "");
        assertEquals(CLIPS + 43, gathered.clips());
    }

    @Test
    void examplesWhoseTermsPermitTrainingAreLearned() throws Exception {
        Labelled.Log log = log(8);
        log.add(agreed(0, terms -> terms.setPurposes(List.of())));
        // the last record counts
        log.add(agreed(0, terms -> terms.setExpiresAt(Instant.now().plusSeconds(3600))));
        assertTrue(round("permitted", log, SILENT).train().isPresent());
        ExampleCounts gathered = round("permitted", log, SILENT).counts();
        assertEquals(0, gathered.notPermitted());
        assertEquals(9, gathered.training() + gathered.heldOut() + gathered.nothingShown());
    }

    /** A full disk leaves partial files, which have the names of unfinished files. */
    @Test
    void filesCutOffByAFullDiskAreNeverUsedAndAreWrittenAgain() throws Exception {
        Labelled.Log log = log(CLIPS);
        String whole = trained("roomy", log);
        Path full = Files.createDirectories(folder.resolve("full"));
        Path next = full.resolve("candidate.next");
        Files.writeString(next, "no folder can be made here");
        IOException e =
                assertThrows(IOException.class, () -> round("full", log, SILENT).train());
        assertTrue(e.toString().contains("candidate.next"), e.toString());
        assertTrue(Files.notExists(full.resolve("candidate")));
        Files.delete(next);
        Files.createDirectory(next);
        for (String name : ModelFiles.NAMES) {
            byte[] bytes = Files.readAllBytes(folder.resolve("roomy/candidate").resolve(name));
            Files.write(next.resolve(name), java.util.Arrays.copyOf(bytes, bytes.length / 2));
        }
        assertEquals(whole, trained("full", log));
    }

    @Test
    void withoutUsableExamplesThereIsNoCandidate() throws Exception {
        Labelled.Log log = new Labelled.Log();
        log.add(Labelled.example("bob", 1, Split.RL.seed(20), io.migr.schemas.Emotion.ANXIETY));
        assertEquals(Optional.empty(), round("nothing", log, SILENT).train());
    }

    @Test
    void theVersionIdDependsOnTheRangesAndNotOnTheRequest() {
        Labelled.Log log = log(3);
        RoundPlan plan = plan(log);
        assertEquals(plan.version("micro"), new RoundPlan(plan.recipe(), plan.ranges(), 7L).version("micro"));
        log.add(Labelled.example("bob", 1, Split.RL.seed(20), io.migr.schemas.Emotion.SAD));
        assertNotEquals(plan.version("micro"), plan(log).version("micro"));
    }

    @Test
    void mediaIsDeletedWhenTheRoundIsCleaned() throws Exception {
        Path cleaned = folder.resolve("cleaned");
        try (var files = Files.walk(whole().folder())) {
            for (Path file : files.toList()) {
                Files.copy(file, cleaned.resolve(whole().folder().relativize(file)));
            }
        }
        round("cleaned", log(CLIPS), SILENT).clean();
        try (var files = Files.list(cleaned)) {
            assertEquals(
                    Set.of(
                            "gathered.json",
                            "metrics.jsonl",
                            "live-corpus.jsonl",
                            "live-feedback.jsonl",
                            "candidate-corpus.jsonl",
                            "candidate-feedback.jsonl"),
                    Set.copyOf(files.map(file -> file.getFileName().toString()).toList()));
        }
    }

    @Test
    void aMissingParentIsReported() {
        RoundRecipe recipe =
                new RoundRecipe("micro-1", "0".repeat(64), 5, 30, 10, 6, 40, 2, 1e-3, 0, 1e-4, 30, 20, 1, false, null);
        Labelled.Log log = log(1);
        Round round = new Round(
                new RoundPlan(recipe, log.newest(9), null), folder, shared.resolve("corpus"), log, store, SILENT);
        assertThrows(io.migr.runtime.models.ArtifactException.class, round::train);
    }
}
