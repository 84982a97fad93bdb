package io.migr.evaluation.measure;

import io.migr.model.Dominance;
import io.migr.model.ModalityImportance;
import io.migr.model.ModalityImportance.Estimator;
import io.migr.model.analysis.Evidence;
import io.migr.model.importance.EvidenceTemperature;
import io.migr.model.importance.ImportanceRule;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Fits a rule with an evidence floor and the temperatures of the evidence heads on clips with known truth. With g the
 * label, d = phi_v - phi_a, and n the number of clips with both modalities of which the face, or the voice, truly leads:
 *
 * <pre>
 * t_S = argmin sum - log softmax(l_S / t)[g]                      clips in which the modalities of S are present
 * T   = argmin sum - q log sigmoid(d / T) - (1 - q) log sigmoid(-d / T)   the clips of n
 *       q = (n + 1) / (n + 2) where the face leads, 1 / (n + 2) where the voice does
 * tau, f = argmax of the mean recall of the dominances that occur
 * </pre>
 *
 * q is Platt's target (1999), maximum likelihood with a uniform prior: with 1 and 0, T would shrink without end where the
 * leaders can be told apart without an error. tau and f are chosen in turn, each as the middle of the longest run of grid values that reach the maximum. What no clip
 * tells stays: f without a clip that truly tells nothing, tau without a balanced one, a temperature without its clips.
 */
final class ImportanceFit {
    private static final int ROUNDS = 3;
    private static final double[] FLOORS = grid(0.02, 3);
    private static final double[] TOLERANCES = grid(0.01, 0.49);

    private final List<LabelledEvidence> clips;

    ImportanceFit(List<LabelledEvidence> clips) {
        this.clips = List.copyOf(clips);
    }

    private static double[] grid(double step, double end) {
        double[] values = new double[(int) Math.round(end / step)];
        for (int i = 0; i < values.length; i++) {
            values[i] = Calibration.round((i + 1) * step);
        }
        return values;
    }

    /** The temperatures of the heads; {@code before} where no clip has the modality. */
    EvidenceTemperature temperatures(EvidenceTemperature before) {
        return new EvidenceTemperature(
                temperature(1, Evidence::face, before.visual()),
                temperature(2, Evidence::voice, before.audio()),
                temperature(3, evidence -> evidence.face() && evidence.voice(), before.both()));
    }

    private double temperature(int head, Predicate<Evidence> present, double before) {
        return fitted(
                clips.stream().filter(clip -> present.test(clip.evidence())).toList(),
                0.2,
                5,
                before,
                (clip, t) -> -Calibration.scaled(clip.evidence().v()[head], t)[clip.label()]);
    }

    /** The rule for evidence at these temperatures. */
    ImportanceRule rule(EvidenceTemperature temperature, ImportanceRule before) {
        List<LabelledEvidence> known = clips.stream()
                .filter(clip -> clip.oracle() != null)
                .map(clip -> new LabelledEvidence(scaled(clip.evidence(), temperature), clip.label(), clip.oracle()))
                .toList();
        List<LabelledEvidence> led = known.stream()
                .filter(clip -> clip.evidence().face() && clip.evidence().voice())
                .filter(clip -> clip.oracle().modality() != null)
                .toList();
        long faces =
                led.stream().filter(clip -> clip.oracle() == Dominance.VISUAL).count();
        double t = fitted(led, 0.05, 10, before.temperature(), (clip, candidate) -> {
            ModalityImportance importance = importance(clip, before);
            double lead = importance.vVisual() - importance.vAudio(); // equals phi_v - phi_a
            boolean face = clip.oracle() == Dominance.VISUAL;
            double target = face ? (faces + 1.0) / (faces + 2) : 1.0 / (led.size() - faces + 2);
            return target * Math.log1p(Math.exp(-lead / candidate))
                    + (1 - target) * Math.log1p(Math.exp(lead / candidate));
        });
        double floor = before.evidenceFloor().orElse(ImportanceRule.DEFAULT_FLOOR);
        double tolerance = before.tolerance();
        Set<Dominance> occurring = EnumSet.noneOf(Dominance.class);
        known.forEach(clip -> occurring.add(clip.oracle()));
        for (int round = 0; round < ROUNDS; round++) {
            double tau = tolerance;
            floor = occurring.contains(Dominance.NEITHER)
                    ? best(FLOORS, f -> meanRecall(known, occurring, new ImportanceRule(t, tau, f)))
                    : floor;
            double f = floor;
            tolerance = occurring.contains(Dominance.BALANCED)
                    ? best(TOLERANCES, candidate -> meanRecall(known, occurring, new ImportanceRule(t, candidate, f)))
                    : tolerance;
        }
        return new ImportanceRule(t, tolerance, floor);
    }

    private interface Loss {
        double of(LabelledEvidence clip, double temperature);
    }

    /** The temperature with the least sum of losses; {@code before} without clips. */
    private static double fitted(List<LabelledEvidence> clips, double from, double to, double before, Loss loss) {
        double best = before;
        double least = Double.POSITIVE_INFINITY;
        for (double t = from; !clips.isEmpty() && t <= to; t *= 1.02) {
            double candidate = t;
            ToDoubleFunction<LabelledEvidence> at = clip -> loss.of(clip, candidate);
            double sum = clips.stream().mapToDouble(at).sum();
            if (sum < least) {
                least = sum;
                best = t;
            }
        }
        return Calibration.round(best);
    }

    /** The middle of the longest run of values with the highest score. */
    static double best(double[] values, DoubleUnaryOperator score) {
        double highest = Double.NEGATIVE_INFINITY;
        int first = 0;
        int longest = 0;
        int run = 0;
        for (int i = 0; i < values.length; i++) {
            double one = score.applyAsDouble(values[i]);
            run = one == highest ? run + 1 : one > highest ? 1 : 0;
            if (one > highest || run > longest) {
                longest = run;
                first = i - run + 1;
            }
            highest = Math.max(highest, one);
        }
        return values[first + (longest - 1) / 2];
    }

    private static double meanRecall(List<LabelledEvidence> clips, Set<Dominance> occurring, ImportanceRule rule) {
        int[] right = new int[Dominance.values().length];
        int[] all = new int[right.length];
        for (LabelledEvidence clip : clips) {
            all[clip.oracle().ordinal()]++;
            right[clip.oracle().ordinal()] += importance(clip, rule).dominant() == clip.oracle() ? 1 : 0;
        }
        return occurring.stream()
                .mapToDouble(one -> right[one.ordinal()] / (double) all[one.ordinal()])
                .average()
                .orElseThrow();
    }

    /** Modality importance for the model's own arg-max, as in serving. */
    static ModalityImportance importance(LabelledEvidence clip, ImportanceRule rule) {
        Evidence evidence = clip.evidence();
        return evidence.importance(rule, evidence.favoured(), Estimator.EVIDENCE_HEADS, true);
    }

    /** Evidence of temperature 1 at other temperatures; the prior has none. */
    static Evidence scaled(Evidence evidence, EvidenceTemperature temperature) {
        double[][] v = evidence.v();
        return new Evidence(
                new double[][] {
                    v[0],
                    Calibration.scaled(v[1], temperature.visual()),
                    Calibration.scaled(v[2], temperature.audio()),
                    Calibration.scaled(v[3], temperature.both())
                },
                evidence.face(),
                evidence.voice());
    }
}
