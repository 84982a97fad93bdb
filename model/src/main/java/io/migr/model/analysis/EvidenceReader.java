package io.migr.model.analysis;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.model.ClipInput;
import io.migr.model.analysis.ClipEncoder.Encoded;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.importance.EvidenceTemperature;
import io.migr.model.network.Heads;
import java.util.ArrayList;
import java.util.List;

/** Reads the evidence heads over tokens of clips: the four v(S) of modality importance, for every label. */
public final class EvidenceReader {
    private EvidenceReader() {}

    /** The evidence of encoded clips. */
    static List<Evidence> read(
            EmotionModel model,
            NDManager scope,
            List<ClipInput> clips,
            Encoded encoded,
            EvidenceTemperature temperature) {
        boolean[] faces = new boolean[clips.size()];
        boolean[] voices = new boolean[clips.size()];
        for (int c = 0; c < faces.length; c++) {
            ClipInput clip = clips.get(c);
            if (model.config().network().readsCues()) {
                faces[c] = clip.cues().hasFace();
                voices[c] = clip.cues().hasVoice();
            } else {
                faces[c] = !clip.frames().isEmpty() && faceShare(encoded.units().get(c)) >= 0.5;
                voices[c] = clip.logMel() != null && clip.voiceActive();
            }
        }
        return read(model, scope, encoded.video(), encoded.audio(), faces, voices, temperature);
    }

    /**
     * The evidence of clips.
     *
     * @param video {@code [clips,tokens,hidden]}
     * @param audio {@code [clips,tokens,hidden]}
     * @param faces per clip whether a face is seen
     * @param voices per clip whether somebody speaks
     * @param temperature divisors of the heads' logits
     */
    public static List<Evidence> read(
            EmotionModel model,
            NDManager scope,
            NDArray video,
            NDArray audio,
            boolean[] faces,
            boolean[] voices,
            EvidenceTemperature temperature) {
        Heads heads = model.heads();
        int labels = model.config().labels().size();
        double[] none = logProbabilities(heads.prior().toFloatArray(), 0, labels, 1);
        float[] visual = heads.visual(scope, video).toFloatArray();
        float[] sound = heads.audio(scope, audio).toFloatArray();
        float[] both = heads.both(scope, video, audio).toFloatArray();
        List<Evidence> evidence = new ArrayList<>();
        for (int c = 0; c < faces.length; c++) {
            double[][] v = {
                none,
                logProbabilities(visual, c, labels, temperature.visual()),
                logProbabilities(sound, c, labels, temperature.audio()),
                logProbabilities(both, c, labels, temperature.both())
            };
            evidence.add(new Evidence(v, faces[c], voices[c]));
        }
        return evidence;
    }

    /** Mean probability, over the pictures of a clip, that a face is visible. */
    private static double faceShare(float[] logits) {
        double sum = 0;
        int frames = logits.length / Heads.UNIT_OUTPUTS;
        for (int f = 0; f < frames; f++) {
            sum += 1 / (1 + Math.exp(-logits[(f + 1) * Heads.UNIT_OUTPUTS - 1])) / frames;
        }
        return sum;
    }

    /** Log-softmax of one row of logits, divided by a temperature. */
    static double[] logProbabilities(float[] logits, int row, int labels, double temperature) {
        double[] scaled = new double[labels];
        double highest = Double.NEGATIVE_INFINITY;
        for (int y = 0; y < labels; y++) {
            scaled[y] = logits[row * labels + y] / temperature;
            highest = Math.max(highest, scaled[y]);
        }
        double sum = 0;
        for (double value : scaled) {
            sum += Math.exp(value - highest);
        }
        double normaliser = highest + Math.log(sum);
        for (int y = 0; y < labels; y++) {
            scaled[y] -= normaliser;
        }
        return scaled;
    }
}
