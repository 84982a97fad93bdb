package io.migr.evaluation.measure;

import static io.migr.evaluation.measure.Clips.clip;
import static io.migr.evaluation.measure.Clips.named;
import static io.migr.model.Emotion.HAPPY;
import static io.migr.model.Emotion.SAD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Intervals whose correct values are known. */
final class BootstrapTest {
    private static final Bootstrap BOOTSTRAP = new Bootstrap(4_000, 0.95, 3);
    private static final ToDoubleFunction<List<Outcome>> WAR = clips -> Metric.WAR.of(clips, Perspective.SERVED);

    /** Clips of which some are predicted correctly. */
    private static List<Outcome> clips(int count, IntPredicate right) {
        List<Outcome> clips = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clips.add(named(clip(HAPPY, right.test(i) ? HAPPY : SAD), String.valueOf(i), "a"));
        }
        return clips;
    }

    @Test
    void aShareHasTheBinomialInterval() {
        // p = .25, n = 400: 1.96 sqrt(p (1 - p) / n) = .0424
        Interval interval = BOOTSTRAP.interval(clips(400, i -> i % 4 == 0), WAR);
        assertEquals(0.25, interval.value(), 1e-12);
        assertEquals(0.25 - 0.0424, interval.low(), 0.005);
        assertEquals(0.25 + 0.0424, interval.high(), 0.005);
    }

    @Test
    void aValueThatNeverVariesHasAnIntervalOfNoWidth() {
        Interval interval = BOOTSTRAP.interval(clips(50, i -> true), WAR);
        assertEquals(new Interval(1, 1, 1), interval);
    }

    @Test
    void aStatisticWithoutAValueHasNoInterval() {
        Interval none = BOOTSTRAP.interval(clips(5, i -> false), clips -> Metric.IR.of(clips, Perspective.SERVED));
        assertTrue(Double.isNaN(none.value()) && Double.isNaN(none.low()) && Double.isNaN(none.high()));
        assertFalse(none.excludesZero());
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        List<Outcome> clips = clips(60, i -> i % 3 == 0);
        assertEquals(BOOTSTRAP.interval(clips, WAR), BOOTSTRAP.interval(clips, WAR));
        Interval single = BOOTSTRAP.interval(clips, WAR);
        Interval together = BOOTSTRAP
                .intervals(clips, Perspective.SERVED, List.of(Metric.WAR, Metric.UAR))
                .get(Metric.WAR);
        assertEquals(single.value(), together.value(), 1e-12);
        assertEquals(single.low(), together.low(), 0.02);
    }

    @Test
    void seedsThatDisagreeWidenTheInterval() {
        // all clips of a seed are alike, so only the draw of seeds varies: .5 in half of the draws, 0 or 1 in a quarter
        List<List<Outcome>> seeds = List.of(clips(40, i -> false), clips(40, i -> true));
        Interval interval = BOOTSTRAP.overSeeds(seeds, WAR);
        assertEquals(new Interval(0.5, 0, 1), interval);
        Interval half = new Bootstrap(4_000, 0.4, 3).overSeeds(seeds, WAR);
        assertEquals(new Interval(0.5, 0.5, 0.5), half);
    }

    @Test
    void seedsThatAgreeDoNotNarrowTheIntervalOverClips() {
        // three seeds with the same outcomes on the same clips add nothing to one
        List<Outcome> clips = clips(200, i -> i % 2 == 0);
        Interval one = BOOTSTRAP.overSeeds(List.of(clips), WAR);
        Interval three = BOOTSTRAP.overSeeds(List.of(clips, clips, clips), WAR);
        assertEquals(one.high() - one.low(), three.high() - three.low(), 0.01);
    }

    @Test
    void aPairedDifferenceIgnoresWhatBothArmsShare() {
        // both arms fail on the same half of the clips; the second also on every tenth of the rest
        List<Outcome> first = clips(400, i -> i % 2 == 0);
        List<Outcome> second = clips(400, i -> i % 2 == 0 && i % 20 != 0);
        Interval difference = BOOTSTRAP.difference(List.of(first), List.of(second), WAR);
        assertEquals(-0.05, difference.value(), 1e-12);
        // variance of a clip's difference: .05 * .95, so 1.96 sqrt(.0475 / 400) = .0214
        assertEquals(-0.05 - 0.0214, difference.low(), 0.004);
        assertEquals(-0.05 + 0.0214, difference.high(), 0.004);
        assertTrue(difference.excludesZero());
    }

    @Test
    void aDifferenceThatChangesSignWithTheSeedIsNotSignificant() {
        List<List<Outcome>> first = List.of(clips(100, i -> i < 50), clips(100, i -> i < 50));
        List<List<Outcome>> second = List.of(clips(100, i -> i < 80), clips(100, i -> i < 20));
        Interval difference = BOOTSTRAP.difference(first, second, WAR);
        assertEquals(0, difference.value(), 1e-12);
        assertTrue(difference.low() < -0.25 && difference.high() > 0.25, difference.toString());
    }

    @Test
    void armsOnDifferentClipsCannotBePaired() {
        List<Outcome> clips = clips(10, i -> true);
        assertThrows(
                IllegalArgumentException.class,
                () -> BOOTSTRAP.difference(List.of(clips), List.of(clips.subList(0, 9)), WAR));
        assertThrows(
                IllegalArgumentException.class, () -> BOOTSTRAP.difference(List.of(clips), List.of(clips, clips), WAR));
    }

    @Test
    void quantilesInterpolate() {
        double[] sorted = {0, 10, 20, 30};
        assertEquals(0, Bootstrap.quantile(sorted, 0), 1e-12);
        assertEquals(15, Bootstrap.quantile(sorted, 0.5), 1e-12);
        assertEquals(27, Bootstrap.quantile(sorted, 0.9), 1e-12);
    }
}
