package io.migr.perception.face;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.schemas.AvroSafety;
import io.migr.schemas.BaselineUnit;
import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceFrame;
import io.migr.schemas.FaceView;
import io.migr.schemas.MeasuredUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaceBaselineTest {
    static {
        AvroSafety.set();
    }

    private static MeasuredUnit unit(int number, double value, boolean relative) {
        return new MeasuredUnit(number, (float) value, 0.5f, relative, null);
    }

    private static FaceFrame frame(double presence, double yaw, double brow) {
        return FaceFrame.newBuilder()
                .setTimeMs(0)
                .setPresence((float) presence)
                .setUsable(true)
                .setView(new FaceView((float) yaw, 0f, 0f, 0.5f, 0.5f, 100f, 0.5f, 1f))
                .setUnits(List.of(unit(1, brow, true), unit(12, 1, false)))
                .build();
    }

    private static FaceCues clip(FaceFrame... frames) {
        return FaceCues.newBuilder().setFrames(Arrays.asList(frames)).build();
    }

    private static List<BaselineUnit> ahead(double brow) {
        return FaceBaseline.numbers(clip(frame(1, 0, brow)));
    }

    @Test
    void framesOfAFaceThatLooksAheadCount() {
        List<BaselineUnit> numbers = FaceBaseline.numbers(
                clip(frame(0.5, -20, 0.25), frame(0.49, 0, 0.9), frame(1, 20.1, 0.9), frame(1, 20, 0.75)));
        assertEquals(List.of(new BaselineUnit(1, List.of(0.25f, 0.75f))), numbers);
        assertTrue(FaceBaseline.numbers(clip(frame(1, 30, 0.5))).isEmpty());
        assertTrue(FaceBaseline.numbers(clip()).isEmpty());
    }

    /** Frames 0, 0.25, 0.5, 0.75 and 1: the median is 0.5 and the distances 0, 0.25, 0.25, 0.5 and 0.5. */
    @Test
    void medianAndDeviationOverTheFrames() {
        FaceBaseline baseline = FaceBaseline.of(
                IntStream.range(0, 5).mapToObj(i -> ahead(i / 4.0)).toList());
        assertEquals(5, baseline.usual().getClips());
        assertEquals(0.5f, baseline.usual().getUnits().get(0).getMedian());
        assertEquals(0.25f, baseline.usual().getUnits().get(0).getMad());
        assertEquals(OptionalDouble.of(0.5), baseline.usual(1));
    }

    @Test
    void nothingIsUsualBeforeFiveClipsOrForAnAbsoluteUnit() {
        assertEquals(
                OptionalDouble.empty(),
                FaceBaseline.of(Collections.nCopies(4, ahead(0.5))).usual(1));
        assertEquals(
                OptionalDouble.empty(),
                FaceBaseline.of(Collections.nCopies(5, ahead(0.5))).usual(12));
    }

    @Test
    void theLast45ClipsCount() {
        List<List<BaselineUnit>> history = new java.util.ArrayList<>(Collections.nCopies(60, ahead(1)));
        history.addAll(Collections.nCopies(45, ahead(0.25)));
        FaceBaseline baseline = FaceBaseline.of(history);
        assertEquals(45, baseline.usual().getClips());
        assertEquals(OptionalDouble.of(0.25), baseline.usual(1));
    }
}
