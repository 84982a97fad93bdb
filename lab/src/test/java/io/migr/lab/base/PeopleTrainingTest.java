package io.migr.lab.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.CueAnnotation.Reported;
import io.migr.corpus.Split;
import io.migr.corpus.people.PeopleClip;
import io.migr.corpus.people.PeopleClip.Planted;
import io.migr.corpus.people.PeoplePosterior;
import io.migr.lab.base.PeopleTraining.Settings;
import io.migr.model.Analysis;
import io.migr.model.ClipInput;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.analysis.LabelledClipMeter;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.trainer.feedback.FeedbackLibrary;
import io.migr.trainer.feedback.LabelledClip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The training of the model of measured people, and its shipped weights. */
@Tag("slow")
class PeopleTrainingTest {
    private static final Path SHIPPED = Path.of("../model/weights/people");

    @TempDir
    private Path folder;

    private static List<PeopleClip> clips(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> PeopleClip.of(Split.TEST.seed(i)))
                .toList();
    }

    private static List<ClipInput> inputs(List<PeopleClip> clips) {
        return clips.stream().map(clip -> ClipInput.of(clip.cues().reading())).toList();
    }

    /** Killed after any step, the same command ends with the same weights. */
    @Test
    void aTrainingOfFewStepsCanBeUsedAndGoesOn() throws IOException {
        List<String> stages = new ArrayList<>();
        Settings few = new Settings(folder, 1_000, 48, 8, 1, false);
        Path model =
                new PeopleTraining(few, line -> stages.add(line.path("stage").asText())).run();
        assertTrue(stages.contains("calibration"), stages.toString());
        byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
        try (EmotionModel loaded = EmotionModel.load(model, "cpu")) {
            assertFalse(loaded.config().needsMedia());
            assertTrue(loaded.config().network().readsCues());
            assertTrue(loaded.config().importance().evidenceFloor().isPresent());
        }
        new PeopleTraining(few, line -> {}).run();
        assertEquals(0, java.util.Arrays.compare(weights, Files.readAllBytes(model.resolve("model.safetensors"))));
    }

    @Test
    void theShippedWeightsComeNearTheBestGuess() throws IOException {
        List<PeopleClip> clips = clips(320);
        int right = 0;
        int best = 0;
        int neither = 0;
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(EmotionModel.load(SHIPPED, "cpu"))) {
            List<Analysis> analyses = analyser.analyse(inputs(clips)).analyses();
            for (int i = 0; i < clips.size(); i++) {
                Reported known = Reported.of(clips.get(i));
                right += analyses.get(i).emotion() == known.label() ? 1 : 0;
                best += known.concludes() == known.label() ? 1 : 0;
                neither += analyses.get(i).importance().dominant() == Dominance.NEITHER ? 1 : 0;
            }
        }
        System.out.printf("right %d, the best guess %d, nothing tells %d of %d%n", right, best, neither, clips.size());
        assertTrue(right >= 0.9 * best, right + " right, the best guess " + best);
        assertTrue(neither > 0);
    }

    /**
     * Clips in which the face, the voice, both or nothing tells by construction, as far as the exact posterior of people
     * says that what was planted was also measured: a lowered voice that would tell sadness if voices told more than
     * people's do is no evidence for a model of people.
     */
    @Test
    void theFourDominancesComeOutOfPlantedClips() throws IOException {
        Map<Planted, Dominance> planted = Map.of(
                Planted.BOTH_USELESS, Dominance.NEITHER,
                Planted.BOTH_DECISIVE, Dominance.BALANCED,
                Planted.ONLY_FACE, Dominance.VISUAL,
                Planted.ONLY_VOICE, Dominance.AUDIO);
        Map<Planted, String> report = new TreeMap<>();
        boolean good = true;
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(EmotionModel.load(SHIPPED, "cpu"))) {
            for (Planted kind : Planted.values()) {
                List<PeopleClip> clips = LongStream.range(0, 250)
                        .mapToObj(seed -> PeopleClip.planted(kind, seed))
                        .toList();
                List<Analysis> analyses = analyser.analyse(inputs(clips)).analyses();
                Map<Dominance, Integer> all = new TreeMap<>();
                int measured = 0;
                int found = 0;
                for (int i = 0; i < clips.size(); i++) {
                    Dominance model = analyses.get(i).importance().dominant();
                    all.merge(model, 1, Integer::sum);
                    PeoplePosterior posterior = PeoplePosterior.of(clips.get(i).cues());
                    if (posterior.leads(PeoplePosterior.best(posterior.both())) == planted.get(kind)) {
                        measured++;
                        found += model == planted.get(kind) ? 1 : 0;
                    }
                }
                report.put(kind, found + " of " + measured + ", in all " + all);
                good &= planted.get(kind) == null || measured > 50 && found >= 0.9 * measured;
            }
        }
        System.out.println(report);
        assertTrue(good, report.toString());
    }

    @Test
    void aClipOfWhichNothingWasMeasuredIsRefused() throws IOException {
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(EmotionModel.load(SHIPPED, "cpu"))) {
            ClipInput media = new ClipInput(List.of(), new float[128][10], true);
            String why = assertThrows(IllegalArgumentException.class, () -> analyser.analyse(List.of(media)))
                    .getMessage();
            assertEquals("Clip 0 of the batch has no measured cues, and the model people reads nothing else.", why);
        }
    }

    /** Labelled clips are kept as what was measured in them, without any media. */
    @Test
    void labelsAreLearnedFromWithoutMedia() throws IOException {
        PeopleClip clip = clips(1).get(0);
        LabelledClip labelled = new LabelledClip(
                "call/ann/0", Emotion.SAD, inputs(List.of(clip)).get(0));
        try (EmotionModel model = EmotionModel.load(SHIPPED, "cpu");
                FeedbackLibrary.Writer writer = new FeedbackLibrary.Writer(model, folder)) {
            writer.add(labelled);
            try (FeedbackLibrary library = writer.finish()) {
                Reported kept = (Reported) library.annotation(0);
                assertEquals(Emotion.SAD, kept.label());
                assertEquals(
                        0,
                        java.util.Arrays.compare(
                                clip.cues().reading().face(), kept.reading().face()));
                assertEquals(clip.cues().reading().claims(), kept.reading().claims());
                assertFalse(Files.exists(folder.resolve(FeedbackLibrary.MEDIA)));
                var measured = new LabelledClipMeter(model)
                        .measure(List.of(labelled.input()), List.of(Emotion.SAD))
                        .get(0);
                assertEquals(measured.importance().dominant(), kept.leads());
            }
        }
    }
}
