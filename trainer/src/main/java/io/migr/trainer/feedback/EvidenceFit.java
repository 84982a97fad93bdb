package io.migr.trainer.feedback;

import io.migr.evaluation.measure.LabelledEvidence;
import io.migr.model.analysis.Evidence;
import io.migr.model.importance.EvidenceTemperature;
import java.util.Arrays;
import java.util.List;

/**
 * Fits {@link EvidenceWeights} to labelled clips. With r_S = (temperature before) / t_S, u_S = l_S / (temperature
 * before), g the label of a clip and S its usable modalities, it minimises
 *
 * <pre>
 * F(r, b) = sum over clips of -log softmax(r_S u_S + b)[g]
 *           + {@value #SHARPNESS} sum over S of (r_S - 1 - log r_S) + {@value #BIAS} / 2 sum over labels of b_y^2
 * </pre>
 *
 * <p>The penalties are priors about no change: of r_S a gamma distribution with mode 1, about as wide as a normal one
 * with standard deviation 1 / sqrt({@value #SHARPNESS}), which keeps r_S above 0; of b_y a normal one with variance
 * 1 / {@value #BIAS}. They weigh as much as a few clips, so twenty labels move the numbers a little and hundreds as far
 * as they ask. F is strictly convex, because the logits are linear in r and b; Newton's method finds its minimum, the
 * same on every machine up to rounding.
 */
final class EvidenceFit {
    /** Weight of the penalty of r, in clips. */
    static final double SHARPNESS = 4;
    /** Weight of the penalty of b, in clips per nat^2. */
    static final double BIAS = 4;

    private static final int HEADS = 3;
    private static final int MOST_STEPS = 100;
    private static final double FLAT = 1e-9;
    private static final double SHORTEST = 1e-12;

    private final EvidenceTemperature before;
    private final List<LabelledEvidence> clips;
    /** r of the three heads, then b. */
    private double[] x;

    EvidenceFit(EvidenceTemperature before, int labels, List<LabelledEvidence> clips) {
        this.before = before;
        this.clips = List.copyOf(clips);
        x = new double[HEADS + labels];
        Arrays.fill(x, 0, HEADS, 1);
        minimise();
    }

    EvidenceWeights weights() {
        return new EvidenceWeights(
                new EvidenceTemperature(before.visual() / x[0], before.audio() / x[1], before.both() / x[2]),
                Arrays.copyOfRange(x, HEADS, x.length));
    }

    private void minimise() {
        double value = value(x);
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] gradient = new double[x.length];
            double[][] curvature = new double[x.length][x.length];
            derivatives(gradient, curvature);
            if (Arrays.stream(gradient).map(Math::abs).max().orElseThrow() < FLAT) {
                return;
            }
            double[] way = solve(curvature, gradient);
            double length = 1;
            double[] next = along(way, length);
            while (length > SHORTEST && !(value(next) < value)) {
                length /= 2;
                next = along(way, length);
            }
            if (length <= SHORTEST) {
                return; // rounding is all that is left
            }
            x = next;
            value = value(x);
        }
    }

    private double[] along(double[] way, double length) {
        double[] next = x.clone();
        for (int i = 0; i < next.length; i++) {
            next[i] -= length * way[i];
        }
        return next;
    }

    /** The place in x of the sharpness of a clip's head; -1: it has neither modality. */
    private static int head(Evidence evidence) {
        return evidence.face() && evidence.voice() ? 2 : evidence.face() ? 0 : evidence.voice() ? 1 : -1;
    }

    /** u of a clip. */
    private double[] scaled(Evidence evidence) {
        double t =
                switch (head(evidence)) {
                    case 0 -> before.visual();
                    case 1 -> before.audio();
                    case 2 -> before.both();
                    default -> 1;
                };
        return Arrays.stream(evidence.best()).map(l -> l / t).toArray();
    }

    private static double[] probabilities(double[] u, double sharpness, double[] at) {
        double[] p = new double[u.length];
        double highest = Double.NEGATIVE_INFINITY;
        for (int y = 0; y < p.length; y++) {
            p[y] = sharpness * u[y] + at[HEADS + y];
            highest = Math.max(highest, p[y]);
        }
        double sum = 0;
        for (int y = 0; y < p.length; y++) {
            p[y] = Math.exp(p[y] - highest);
            sum += p[y];
        }
        for (int y = 0; y < p.length; y++) {
            p[y] /= sum;
        }
        return p;
    }

    /** F; infinite where a sharpness is not above 0. */
    private double value(double[] at) {
        double value = 0;
        for (int s = 0; s < HEADS; s++) {
            if (!(at[s] > 0)) {
                return Double.POSITIVE_INFINITY;
            }
            value += SHARPNESS * (at[s] - 1 - Math.log(at[s]));
        }
        for (int i = HEADS; i < at.length; i++) {
            value += BIAS / 2 * at[i] * at[i];
        }
        for (LabelledEvidence clip : clips) {
            int s = head(clip.evidence());
            value -= Math.log(Math.max(
                    Double.MIN_NORMAL, probabilities(scaled(clip.evidence()), s < 0 ? 1 : at[s], at)[clip.label()]));
        }
        return value;
    }

    /** With p the probabilities of a clip: dF/db = p - 1[g], dF/dr = E_p u - u_g, and the covariances of both under p. */
    private void derivatives(double[] gradient, double[][] curvature) {
        for (int s = 0; s < HEADS; s++) {
            gradient[s] = SHARPNESS * (1 - 1 / x[s]);
            curvature[s][s] = SHARPNESS / (x[s] * x[s]);
        }
        for (int i = HEADS; i < x.length; i++) {
            gradient[i] = BIAS * x[i];
            curvature[i][i] = BIAS;
        }
        for (LabelledEvidence clip : clips) {
            int s = head(clip.evidence());
            double[] u = scaled(clip.evidence());
            double[] p = probabilities(u, s < 0 ? 1 : x[s], x);
            double mean = 0;
            double square = 0;
            for (int y = 0; y < p.length; y++) {
                mean += p[y] * u[y];
                square += p[y] * u[y] * u[y];
            }
            for (int y = 0; y < p.length; y++) {
                gradient[HEADS + y] += p[y] - (y == clip.label() ? 1 : 0);
                for (int z = 0; z < p.length; z++) {
                    curvature[HEADS + y][HEADS + z] += (y == z ? p[y] : 0) - p[y] * p[z];
                }
                if (s >= 0) {
                    curvature[s][HEADS + y] += p[y] * (u[y] - mean);
                    curvature[HEADS + y][s] += p[y] * (u[y] - mean);
                }
            }
            if (s >= 0) {
                gradient[s] += mean - u[clip.label()];
                curvature[s][s] += square - mean * mean;
            }
        }
    }

    /** Solves a x = b for a positive definite a by Cholesky's factors, which overwrite a. */
    private static double[] solve(double[][] a, double[] b) {
        double[] solution = b.clone();
        for (int i = 0; i < b.length; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= a[i][k] * a[j][k];
                }
                a[i][j] = i == j ? Math.sqrt(sum) : sum / a[j][j];
            }
        }
        for (int i = 0; i < b.length; i++) {
            for (int k = 0; k < i; k++) {
                solution[i] -= a[i][k] * solution[k];
            }
            solution[i] /= a[i][i];
        }
        for (int i = b.length - 1; i >= 0; i--) {
            for (int k = i + 1; k < b.length; k++) {
                solution[i] -= a[k][i] * solution[k];
            }
            solution[i] /= a[i][i];
        }
        return solution;
    }
}
