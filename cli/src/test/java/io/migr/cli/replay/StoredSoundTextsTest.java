package io.migr.cli.replay;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.Clip;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.model.ClipInput;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.network.LogMel;
import io.migr.schemas.SoundCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The model of pictures and sound writes the same text from the log-mel of stored sound as from that of the decoder's samples. */
class StoredSoundTextsTest {
    private static final Path WEIGHTS = Path.of("..", "model", "weights", "tiny");
    private static final int BATCH = 20;

    @Test
    @Tag("slow")
    void ofSixtyClips() throws IOException {
        assertTextsAreEqual(60);
    }

    @Test
    @Tag("long")
    void ofFiveHundredClips() throws IOException {
        assertTextsAreEqual(500);
    }

    private static void assertTextsAreEqual(int clips) throws IOException {
        int equal = 0;
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(EmotionModel.load(WEIGHTS, "cpu"))) {
            for (int from = 0; from < clips; from += BATCH) {
                List<ClipInput> direct = new ArrayList<>();
                List<ClipInput> stored = new ArrayList<>();
                for (int i = from; i < from + BATCH; i++) {
                    long seed = Split.TEST.seed(i);
                    ClipInput input = RenderedClip.of(seed, new LogMel()).input();
                    direct.add(input);
                    stored.add(
                            new ClipInput(input.frames(), stored(Clip.of(seed).samples()), input.voiceActive()));
                }
                List<String> expected = texts(analyser, direct);
                List<String> actual = texts(analyser, stored);
                for (int i = 0; i < BATCH; i++) {
                    if (expected.get(i).equals(actual.get(i))) {
                        equal++;
                    } else {
                        System.out.printf(
                                "clip %d%n  direct: %s%n  stored: %s%n", from + i, expected.get(i), actual.get(i));
                    }
                }
            }
        }
        System.out.println("texts from stored sound: " + equal + " of " + clips + " are those of the samples");
        assertTrue(equal >= 0.99 * clips, equal + " of " + clips);
    }

    private static float[][] stored(float[] samples) {
        return new LogMel().of(SoundCodec.decode(SoundCodec.encode(samples), "call/ann/0"));
    }

    private static List<String> texts(LocalClipAnalyser analyser, List<ClipInput> clips) {
        return analyser.analyse(clips).analyses().stream()
                .map(analysis -> analysis.explanation().raw())
                .toList();
    }
}
