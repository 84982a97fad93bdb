package io.migr.trainer.feedback;

import io.migr.engine.SafeTensors.Tensor;
import io.migr.evaluation.measure.LabelledEvidence;
import io.migr.model.Emotion;
import io.migr.model.analysis.Evidence;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.importance.EvidenceTemperature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The few numbers of a model that few labels can move: how sharp the evidence of each modality is, and how often each
 * label occurs. With l_S the log-probabilities of the evidence head of the modalities S at temperature 1, and l of the
 * prior at S = none, which has no temperature:
 *
 * <pre>
 * v(S) = log softmax(l_S / t_S + b)     S = visual, audio, both
 * v(none) = log softmax(l + b)
 * </pre>
 *
 * One b for all four: it moves the labels' prior probabilities, and leaves the evidence v(S) - v(none) about as it was.
 *
 * @param temperature t_S
 * @param bias b, nats, one number a label
 */
public record EvidenceWeights(EvidenceTemperature temperature, double[] bias) {
    private static final String HEADS = "heads.evidence.";

    /** Those of a model as it is. */
    public static EvidenceWeights of(EvidenceTemperature temperature, int labels) {
        return new EvidenceWeights(temperature, new double[labels]);
    }

    /**
     * Fits the numbers to labels, {@link EvidenceFit}.
     *
     * @param before the temperatures of the model
     * @param clips evidence at temperature 1; none: the numbers of the model
     */
    public static EvidenceWeights fit(EvidenceTemperature before, int labels, List<LabelledEvidence> clips) {
        return new EvidenceFit(before, labels, clips).weights();
    }

    /**
     * A part of the way from a model's numbers to these: 1 / t_S and b are interpolated linearly.
     *
     * @param before the temperatures of the model, whose b is 0
     * @param step 0..1
     */
    public EvidenceWeights part(EvidenceTemperature before, double step) {
        double[] less = new double[bias.length];
        for (int y = 0; y < less.length; y++) {
            less[y] = step * bias[y];
        }
        return new EvidenceWeights(
                new EvidenceTemperature(
                        between(before.visual(), temperature.visual(), step),
                        between(before.audio(), temperature.audio(), step),
                        between(before.both(), temperature.both(), step)),
                less);
    }

    private static double between(double before, double after, double step) {
        return 1 / ((1 - step) / before + step / after);
    }

    /** The evidence of a clip by these numbers; {@code evidence} is at temperature 1. */
    public Evidence apply(Evidence evidence) {
        double[][] l = evidence.v();
        return new Evidence(
                new double[][] {
                    logSoftmax(l[0], 1),
                    logSoftmax(l[1], temperature.visual()),
                    logSoftmax(l[2], temperature.audio()),
                    logSoftmax(l[3], temperature.both())
                },
                evidence.face(),
                evidence.voice());
    }

    private double[] logSoftmax(double[] l, double t) {
        double[] v = new double[l.length];
        double highest = Double.NEGATIVE_INFINITY;
        for (int y = 0; y < v.length; y++) {
            v[y] = l[y] / t + bias[y];
            highest = Math.max(highest, v[y]);
        }
        double sum = 0;
        for (double value : v) {
            sum += Math.exp(value - highest);
        }
        for (int y = 0; y < v.length; y++) {
            v[y] -= highest + Math.log(sum);
        }
        return v;
    }

    /**
     * The tensors of a model with b in its evidence heads: t_S b is added to the last bias of each, because serving
     * divides by t_S, and b to the prior. All others are as before.
     *
     * @return half precision
     */
    public Map<String, Tensor> tensors(EmotionModel model) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        model.tensors().forEach((name, tensor) -> {
            float[] values = tensor.floats();
            double factor =
                    switch (name) {
                        case HEADS + "prior" -> 1;
                        case HEADS + "visual.2.bias" -> temperature.visual();
                        case HEADS + "audio.2.bias" -> temperature.audio();
                        case HEADS + "both.2.bias" -> temperature.both();
                        default -> 0;
                    };
            for (int y = 0; factor > 0 && y < bias.length; y++) {
                values[y] += (float) (factor * bias[y]);
            }
            tensors.put(name, Tensor.half(values, tensor.shape()));
        });
        return tensors;
    }

    /** The numbers by name, for the record of a round. */
    public Map<String, Double> numbers(List<Emotion> labels) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("temperature.visual", temperature.visual());
        numbers.put("temperature.audio", temperature.audio());
        numbers.put("temperature.both", temperature.both());
        for (int y = 0; y < bias.length; y++) {
            numbers.put("bias." + labels.get(y).word(), bias[y]);
        }
        return numbers;
    }
}
