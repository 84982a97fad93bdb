package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.Capture;
import io.migr.corpus.Clip;
import io.migr.corpus.Split;
import io.migr.model.network.LogMel;
import io.migr.schemas.SoundCodec;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** How far the log-mel of stored sound is from that of the decoder's samples, see docs/topics.md. */
class StoredSoundTest {
    /** On Whisper's scale, where 1 is four decades of power. */
    private static final double MOST = 0.02;

    private static final int CLIPS = 30;

    private final LogMel logMel = new LogMel();

    private double distance(float[] samples) {
        float[][] direct = logMel.of(samples);
        float[][] stored = logMel.of(SoundCodec.decode(SoundCodec.encode(samples), "call/ann/0"));
        double most = 0;
        for (int bin = 0; bin < direct.length; bin++) {
            for (int t = 0; t < direct[bin].length; t++) {
                most = Math.max(most, Math.abs(direct[bin][t] - stored[bin][t]));
            }
        }
        return most;
    }

    private static float[] louder(float[] samples, double factor) {
        float[] louder = samples.clone();
        for (int i = 0; i < louder.length; i++) {
            louder[i] = (float) Math.max(-1, Math.min(1, factor * louder[i]));
        }
        return louder;
    }

    /** Checks one kind of clip, each made from the sound of a corpus clip. */
    private void assertClose(String what, Capture capture, UnaryOperator<float[]> change) {
        double most = 0;
        for (int i = 0; i < CLIPS; i++) {
            float[] samples = Clip.of(Split.TEST.seed(i), capture).samples();
            most = Math.max(most, distance(change.apply(samples)));
        }
        System.out.printf("log-mel of stored sound, %d clips %-22s differs by at most %.5f%n", CLIPS, what, most);
        assertTrue(most <= MOST, what + ": " + most);
    }

    @Test
    void corpusClipsCleanAndByTelephone() {
        assertClose("as they are", Capture.CLEAN, samples -> samples);
        assertClose("by telephone", Capture.DIM_TELEPHONE, samples -> samples);
    }

    @Test
    void clipsThatAreQuietShortOrClipped() {
        assertClose("60 dB quieter", Capture.CLEAN, samples -> louder(samples, 1e-3));
        assertClose("100 dB quieter", Capture.CLEAN, samples -> louder(samples, 1e-5));
        assertClose("of 0.3 s", Capture.CLEAN, samples -> Arrays.copyOf(samples, (int) (0.3 * Clip.SAMPLE_RATE)));
        assertClose("40 dB louder, clipped", Capture.CLEAN, samples -> louder(samples, 100));
        assertClose("silent", Capture.CLEAN, samples -> new float[samples.length]);
    }
}
