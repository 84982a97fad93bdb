package io.migr.model.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.migr.corpus.Clip;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.model.ClipInput;
import io.migr.model.Emotion;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.network.LogMel;
import io.migr.trainer.feedback.FeedbackLibrary;
import io.migr.trainer.feedback.LabelledClip;
import io.migr.trainer.grpo.LibraryMedia;
import io.migr.trainer.sft.SoundShift;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A labelled clip is to the towers what the same clip is when it is served, bit for bit. */
@Tag("slow")
class TrainingInputTest {
    private static final long SEED = Split.VALIDATION.seed(0);

    @TempDir
    private static Path folder;

    private static EmotionModel model;

    @BeforeAll
    static void load() throws IOException {
        model = EmotionModel.load(Path.of("..", "model", "weights", "tiny"), "cpu");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static ClipInput clip(float[][] logMel) {
        return new ClipInput(RenderedClip.of(SEED, new LogMel()).input().frames(), logMel, logMel != null);
    }

    /** A clip's sound again and again, {@code loudness} times as loud. */
    private static float[][] logMel(double seconds, double loudness) {
        float[] once = Clip.of(SEED).samples();
        float[] samples = new float[(int) (seconds * Clip.SAMPLE_RATE)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (loudness * once[i % once.length]);
        }
        return new LogMel().of(samples);
    }

    private FeedbackLibrary library(ClipInput clip) throws IOException {
        try (FeedbackLibrary.Writer writer = new FeedbackLibrary.Writer(model, folder)) {
            writer.add(new LabelledClip("call/ann/0", Emotion.SAD, clip));
            return writer.finish();
        }
    }

    private void assertTrainedAsServed(ClipInput clip) throws IOException {
        try (FeedbackLibrary library = library(clip)) {
            LibraryMedia trained = new LibraryMedia(library, model.config().network());
            ClipEncoder.Prepared served = new ClipEncoder(model).prepare(List.of(clip));
            assertArrayEquals(served.heard(), trained.heard(0));
            assertArrayEquals(served.seen(), trained.seen(0));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.3, 1", "3, 1", "4, 1", "12, 1", "0.3, 1e-4", "3, 1e-4", "12, 1e-4"})
    void ofAnyLengthAndLoudness(double seconds, double loudness) throws IOException {
        assertTrainedAsServed(clip(logMel(seconds, loudness)));
    }

    @Test
    void withoutSound() throws IOException {
        assertTrainedAsServed(clip(null));
    }

    @Test
    void augmentationMovesAShortClipAndKeepsAllOfIt() throws IOException {
        int window = 2 * model.config().network().audio().positions();
        ClipInput clip = clip(logMel(0.3, 1));
        float[] served = new ClipEncoder(model).prepare(List.of(clip)).heard();
        try (FeedbackLibrary library = library(clip)) {
            float[] moved = new float[served.length];
            int shift = new SplittableRandom(1).nextInt(window - 30 + 1);
            SoundShift.place(library, 0, window, moved, 0, new SplittableRandom(1));
            assertNotEquals(0, shift);
            for (int bin = 0; bin < LogMel.BINS; bin++) {
                for (int t = 0; t < window; t++) {
                    int from = t < shift || t >= shift + 30 ? window - 1 : t - shift;
                    assertEquals(served[bin * window + from], moved[bin * window + t]);
                }
            }
        }
    }
}
