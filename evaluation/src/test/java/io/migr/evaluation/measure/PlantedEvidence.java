package io.migr.evaluation.measure;

import io.migr.model.Dominance;
import io.migr.model.analysis.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws evidence whose true leader is known. A head that sees the emotion gives its logit a mean of {@value #TELLING}, a
 * head that lies gives it to another emotion, and every logit has noise. The head of both adds the logits of both, those
 * of a liar with less weight. The heads of face and voice are miscalibrated by factors of the caller's.
 */
final class PlantedEvidence {
    static final int LABELS = 7;
    private static final double TELLING = 4;
    private static final double SPREAD = 0.9;
    private static final double NOISE = 0.25;
    private static final double LIAR = 0.3;

    private final SplittableRandom random;
    private final double visualSharpness;
    private final double audioSharpness;

    /**
     * Starts a sequence of draws.
     *
     * @param visualSharpness factor on the logits of the face's head
     * @param audioSharpness factor on those of the voice's head
     */
    PlantedEvidence(long seed, double visualSharpness, double audioSharpness) {
        random = new SplittableRandom(seed);
        this.visualSharpness = visualSharpness;
        this.audioSharpness = audioSharpness;
    }

    /** Clips of five kinds in equal number: both useless, both decisive, face only, voice only, one lies. */
    List<LabelledEvidence> draw(int ofEach) {
        List<LabelledEvidence> clips = new ArrayList<>();
        for (int i = 0; i < ofEach; i++) {
            int y = random.nextInt(LABELS);
            int other = (y + 1 + random.nextInt(LABELS - 1)) % LABELS;
            boolean honestFace = random.nextBoolean();
            clips.add(clip(y, -1, -1, 1, 1, Dominance.NEITHER));
            clips.add(clip(y, y, y, 1, 1, Dominance.BALANCED));
            clips.add(clip(y, y, -1, 1, 1, Dominance.VISUAL));
            clips.add(clip(y, -1, y, 1, 1, Dominance.AUDIO));
            clips.add(
                    honestFace
                            ? clip(y, y, other, 1, LIAR, Dominance.VISUAL)
                            : clip(y, other, y, LIAR, 1, Dominance.AUDIO));
        }
        return clips;
    }

    private LabelledEvidence clip(int y, int seen, int heard, double faceWeight, double voiceWeight, Dominance oracle) {
        double[] face = logits(seen);
        double[] voice = logits(heard);
        double[] both = new double[LABELS];
        for (int i = 0; i < LABELS; i++) {
            both[i] = faceWeight * face[i] + voiceWeight * voice[i];
        }
        double[][] v = {
            softmax(new double[LABELS], 1),
            softmax(face, visualSharpness),
            softmax(voice, audioSharpness),
            softmax(both, 1)
        };
        return new LabelledEvidence(new Evidence(v, true, true), y, oracle);
    }

    private double[] logits(int told) {
        double[] logits = new double[LABELS];
        for (int i = 0; i < LABELS; i++) {
            logits[i] = NOISE * random.nextGaussian() + (i == told ? TELLING + SPREAD * random.nextGaussian() : 0);
        }
        return logits;
    }

    /** A clip whose label is drawn from the softmax of logits, which its face's head gives {@code sharpness} times. */
    LabelledEvidence calibrated(double sharpness) {
        double[] logits = new double[LABELS];
        for (int i = 0; i < LABELS; i++) {
            logits[i] = 1.5 * random.nextGaussian();
        }
        double[] p = softmax(logits, 1);
        double draw = random.nextDouble();
        int label = 0;
        while (label < LABELS - 1 && draw >= Math.exp(p[label])) {
            draw -= Math.exp(p[label++]);
        }
        double[] none = softmax(new double[LABELS], 1);
        double[] face = softmax(logits, sharpness);
        return new LabelledEvidence(new Evidence(new double[][] {none, face, none, face}, true, false), label, null);
    }

    /** Log-softmax of logits times a factor. */
    private static double[] softmax(double[] logits, double factor) {
        double[] v = new double[logits.length];
        for (int i = 0; i < v.length; i++) {
            v[i] = factor * logits[i];
        }
        return Calibration.scaled(v, 1);
    }
}
