package io.migr.trainer.feedback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.CueAnnotation;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.corpus.text.Rationale;
import io.migr.model.ClipInput;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.network.LogMel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares what the shipped weights measure with the known truth of corpus clips. */
@Tag("slow")
final class FeedbackLibraryTest {
    private static final Path WEIGHTS = Path.of("..", "model", "weights", "tiny");
    private static final int CLIPS = 48;

    @TempDir
    private Path folder;

    private FeedbackLibrary library(EmotionModel model, List<LabelledClip> clips) throws IOException {
        try (FeedbackLibrary.Writer writer = new FeedbackLibrary.Writer(model, folder)) {
            for (LabelledClip clip : clips) {
                writer.add(clip);
            }
            return writer.finish();
        }
    }

    private static LabelledClip clip(int index) {
        RenderedClip rendered = RenderedClip.of(Split.VALIDATION.seed(index), new LogMel());
        return new LabelledClip("call/ann/" + index, rendered.truth().label(), rendered.input());
    }

    @Test
    void measurementsAreCloseToTheTruth() throws IOException {
        List<LabelledClip> clips =
                IntStream.range(0, CLIPS).mapToObj(FeedbackLibraryTest::clip).toList();
        try (EmotionModel model = EmotionModel.load(WEIGHTS, "cpu")) {
            FeedbackLibrary library = library(model, clips);
            assertEquals(CLIPS, library.size());
            int units = 0;
            int agreed = 0;
            int decided = 0;
            int leads = 0;
            for (int c = 0; c < CLIPS; c++) {
                ClipTruth truth = ClipTruth.of(Split.VALIDATION.seed(c));
                CueAnnotation measured = library.annotation(c);
                assertEquals(truth.label(), measured.label());
                assertEquals(truth.voice() == null, measured.voice() == null, "voice of clip " + c);
                if (truth.units() != null && measured.units() != null) {
                    for (int u = 0; u < truth.units().length; u++) {
                        units++;
                        agreed += truth.units()[u] == measured.units()[u] ? 1 : 0;
                    }
                }
                if (truth.oracle() != Dominance.BALANCED) {
                    decided++;
                    leads += measured.leads() == truth.oracle() ? 1 : 0;
                }
                String text = Rationale.SHIPPED.write(measured, new SplittableRandom(c));
                assertTrue(text.contains(truth.label().word()), text);
            }
            assertTrue(agreed > 0.9 * units, agreed + " of " + units + " units agree");
            assertTrue(leads > 0.8 * decided, leads + " of " + decided + " measured leading modalities are right");
        }
    }

    @Test
    void clipsWithoutFaceAndVoiceAreLeftOutAndReported() throws IOException {
        float[][] silence = new float[LogMel.BINS][100];
        LabelledClip nothing = new LabelledClip("call/bob/1", Emotion.SAD, new ClipInput(List.of(), silence, false));
        try (EmotionModel model = EmotionModel.load(WEIGHTS, "cpu")) {
            FeedbackLibrary library = library(model, List.of(nothing, clip(0)));
            assertEquals(List.of("call/bob/1"), library.unusable());
            assertEquals(1, library.size());
            LabelledClip foreign = new LabelledClip("call/bob/2", Emotion.ANXIETY, clip(0).input());
            String message = assertThrows(IllegalArgumentException.class, () -> library(model, List.of(foreign)))
                    .getMessage();
            assertTrue(message.contains("no word for the label anxiety"), message);
        }
    }

    @Test
    void aFaceAloneIsMeasuredAlone() throws IOException {
        ClipInput input = clip(0).input();
        LabelledClip mute = new LabelledClip("call/cat/1", Emotion.HAPPY, new ClipInput(input.frames(), null, false));
        try (EmotionModel model = EmotionModel.load(WEIGHTS, "cpu")) {
            FeedbackLibrary library = library(model, List.of(mute));
            assertNull(library.annotation(0).voice());
            assertEquals(Dominance.VISUAL, library.annotation(0).leads());
        }
    }

    @Test
    void aTenthIsHeldOutDependingOnTheIdAlone() {
        ClipInput input = new ClipInput(List.of(), new float[1][1], false);
        List<LabelledClip> clips = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            clips.add(new LabelledClip("call/ann/" + i, Emotion.SAD, input));
        }
        long held = clips.stream().filter(LabelledClip::heldOut).count();
        // 10 % of 2,000, plus or minus four standard deviations of 13
        assertTrue(Math.abs(held - 200) < 54, held + " clips");
        assertEquals(clips.get(7).heldOut(), new LabelledClip("call/ann/7", Emotion.HAPPY, input).heldOut());
    }
}
