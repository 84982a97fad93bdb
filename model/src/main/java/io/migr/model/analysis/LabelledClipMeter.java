package io.migr.model.analysis;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernels;
import io.migr.model.ClipInput;
import io.migr.model.CueReading;
import io.migr.model.Emotion;
import io.migr.model.ModalityImportance;
import io.migr.model.ModalityImportance.Estimator;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.network.Heads;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures labelled clips with a model's heads: the action units of the face, the prosody of the voice, and how much
 * each counts for the label. Explanations of labelled feedback are written from these measurements. Like {@link
 * LocalClipAnalyser}, it must be used by one thread that records no gradients.
 */
public final class LabelledClipMeter {
    private final EmotionModel model;
    private final ClipEncoder encoder;

    public LabelledClipMeter(EmotionModel model) {
        this.model = model;
        encoder = new ClipEncoder(model);
    }

    /**
     * The measurements of one clip.
     *
     * @param reading what was measured before, for a model of cues, whose heads measure neither units nor prosody; null
     *     for a model of pictures and sound
     * @param faceSays the label if the face alone favours it; null: it does not
     * @param voiceSays the label if the voice alone favours it; null: it does not
     * @param intensities peak over the pictures of each of {@link Heads#ACTION_UNITS}, 0..1; null: no face is visible
     * @param deviations of the voice from neutral, {@link Heads#PROSODY_DIMENSIONS} numbers; null: nobody speaks
     * @param soundKind the most probable kind of non-verbal sound; 0: none
     * @param importance modality importance for the label, from the evidence heads
     */
    public record Measures(
            CueReading reading,
            Emotion faceSays,
            Emotion voiceSays,
            double[] intensities,
            double[] deviations,
            int soundKind,
            ModalityImportance importance) {
        /** Whether there is neither a face nor a voice. */
        public boolean isEmpty() {
            return reading == null
                    ? intensities == null && deviations == null
                    : !reading.hasFace() && !reading.hasVoice();
        }
    }

    /**
     * Measures clips.
     *
     * @param labels one per clip, from the model's label set
     * @throws IllegalArgumentException if a clip cannot be read or the model lacks a label; the message names it
     */
    public List<Measures> measure(List<ClipInput> clips, List<Emotion> labels) {
        Kernels.recordGradients(false);
        ClipEncoder.Prepared batch = encoder.prepare(clips);
        try (NDManager scope = model.manager().newSubManager()) {
            NDArray sound = encoder.sound(scope, batch);
            ClipEncoder.Encoded encoded = encoder.encode(scope, batch, sound);
            List<Evidence> evidence = EvidenceReader.read(
                    model, scope, clips, encoded, model.config().temperature());
            List<Measures> measures = new ArrayList<>();
            if (model.config().network().readsCues()) {
                for (int c = 0; c < clips.size(); c++) {
                    measures.add(measures(clips.get(c).cues(), evidence.get(c), labels.get(c)));
                }
                return measures;
            }
            float[] prosody = model.heads().prosody(scope, sound).toFloatArray();
            for (int c = 0; c < clips.size(); c++) {
                measures.add(measures(encoded.units().get(c), prosody, c, evidence.get(c), labels.get(c)));
            }
            return measures;
        }
    }

    private int index(Emotion label) {
        int y = model.config().labels().indexOf(label);
        if (y < 0) {
            throw new IllegalArgumentException("The model " + model.config().name() + " has no word for the label "
                    + label.word() + "; it knows " + model.config().labels() + ".");
        }
        return y;
    }

    private Measures measures(CueReading reading, Evidence evidence, Emotion label) {
        int y = index(label);
        return new Measures(
                reading,
                evidence.face() && Evidence.favoured(evidence.v()[1]) == y ? label : null,
                evidence.voice() && Evidence.favoured(evidence.v()[2]) == y ? label : null,
                null,
                null,
                0,
                evidence.importance(model.config().importance(), y, Estimator.EVIDENCE_HEADS, false));
    }

    private Measures measures(float[] unitLogits, float[] prosody, int clip, Evidence evidence, Emotion label) {
        int y = index(label);
        int outputs = Heads.PROSODY_DIMENSIONS + Heads.SOUND_KINDS;
        double[] deviations = null;
        int kind = 0;
        if (evidence.voice()) {
            deviations = Heads.deviations(prosody, clip);
            for (int k = 1; k < Heads.SOUND_KINDS; k++) {
                int at = clip * outputs + Heads.PROSODY_DIMENSIONS;
                kind = prosody[at + k] > prosody[at + kind] ? k : kind;
            }
        }
        ModalityImportance importance =
                evidence.importance(model.config().importance(), y, Estimator.EVIDENCE_HEADS, false);
        return new Measures(
                null, null, null, evidence.face() ? Heads.peaks(unitLogits) : null, deviations, kind, importance);
    }
}
