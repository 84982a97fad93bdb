package io.migr.trainer.feedback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.evaluation.measure.LabelledEvidence;
import io.migr.model.analysis.Evidence;
import io.migr.model.importance.EvidenceTemperature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EvidenceFitTest {
    private static final double[] EVEN = {Math.log(0.5), Math.log(0.5)};

    /** Log-probabilities of two labels that differ by {@code lead} nats. */
    private static double[] leading(double lead) {
        double sum = Math.log1p(Math.exp(-lead));
        return new double[] {-sum, -lead - sum};
    }

    private static LabelledEvidence clip(double[] face, boolean seen, int label) {
        return new LabelledEvidence(new Evidence(new double[][] {EVEN, face, EVEN, face}, seen, false), label, null);
    }

    private static List<LabelledEvidence> times(int count, LabelledEvidence clip) {
        return new ArrayList<>(java.util.Collections.nCopies(count, clip));
    }

    private static EvidenceWeights fit(double before, List<LabelledEvidence> clips) {
        return EvidenceWeights.fit(EvidenceTemperature.same(before), 2, clips);
    }

    @Test
    void withoutClipsNothingChanges() {
        EvidenceWeights weights = fit(1.3, List.of());
        assertEquals(EvidenceTemperature.same(1.3), weights.temperature());
        assertArrayEquals(new double[2], weights.bias());
    }

    /**
     * 12 clips have the first label and 4 the second, and nothing is seen: with b = (x, -x) the derivative is 0 where 4 x
     * = 12 - 16 sigmoid(2 x), that is at x = 0.3418: 1.367 = 12 - 16 * 0.66458.
     */
    @Test
    void aLabelThatIsFrequentGetsABias() {
        List<LabelledEvidence> clips = times(12, clip(EVEN, false, 0));
        clips.addAll(times(4, clip(EVEN, false, 1)));
        EvidenceWeights weights = fit(1, clips);
        assertArrayEquals(new double[] {0.3418, -0.3418}, weights.bias(), 1e-3);
        assertEquals(EvidenceTemperature.same(1), weights.temperature());
        double[] v = weights.apply(clips.get(0).evidence()).best();
        assertEquals(-Math.log1p(Math.exp(-2 * 0.3418)), v[0], 1e-3);
    }

    /**
     * The face favours the right label by 2 nats in 14 clips and the wrong one in 6: the derivative is 0 where 12
     * sigmoid(2 r) - 28 sigmoid(-2 r) + 4 (1 - 1 / r) = 0, that is at r = 0.5972: 9.2136 - 6.5026 - 2.6979 = 0.01.
     */
    @Test
    void aFaceThatIsTooSureIsDamped() {
        List<LabelledEvidence> clips = new ArrayList<>();
        for (int label = 0; label < 2; label++) {
            double lead = label == 0 ? 2 : -2;
            clips.addAll(times(7, clip(leading(lead), true, label)));
            clips.addAll(times(3, clip(leading(-lead), true, label)));
        }
        EvidenceWeights weights = fit(1, clips);
        assertEquals(1 / 0.5972, weights.temperature().visual(), 5e-3);
        assertEquals(1, weights.temperature().audio());
        assertEquals(1, weights.temperature().both());
        assertArrayEquals(new double[2], weights.bias(), 1e-9);
    }

    @Test
    void poisonedLabelsLeaveATemperatureAboveZero() {
        List<LabelledEvidence> clips = times(100, clip(leading(6), true, 1));
        clips.addAll(times(100, clip(leading(-6), true, 0)));
        EvidenceWeights weights = fit(1, clips);
        assertTrue(weights.temperature().visual() > 5, weights.toString());
        assertTrue(Double.isFinite(weights.temperature().visual()), weights.toString());
    }

    @Test
    void halfTheWayIsHalfTheSharpnessAndHalfTheBias() {
        EvidenceWeights whole = new EvidenceWeights(new EvidenceTemperature(2, 1, 4), new double[] {0.4, -0.2});
        EvidenceWeights half = whole.part(EvidenceTemperature.same(1), 0.5);
        assertEquals(4.0 / 3, half.temperature().visual(), 1e-12);
        assertEquals(1, half.temperature().audio(), 1e-12);
        assertEquals(1.6, half.temperature().both(), 1e-12);
        assertArrayEquals(new double[] {0.2, -0.1}, half.bias(), 1e-12);
    }
}
