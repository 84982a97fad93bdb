package io.migr.perception.face;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FaceDetectorTest {

    @Test
    void boxesOfOneFaceBecomeTheirMeanWeightedByScore() {
        List<Detection> faces = FaceDetector.merged(List.of(box(0.6, 10, 0, 110, 100), box(0.9, 0, 0, 100, 100)));
        assertEquals(1, faces.size());
        assertEquals(0.9, faces.get(0).score());
        assertArrayEquals(new double[] {4, 0, 104, 100}, faces.get(0).box(), 1e-9);
    }

    @Test
    void boxesThatOverlapLittleStayTwoFacesBestFirst() {
        List<Detection> faces = FaceDetector.merged(List.of(box(0.6, 60, 0, 160, 100), box(0.9, 0, 0, 100, 100)));
        assertEquals(List.of(0.9, 0.6), faces.stream().map(Detection::score).toList());
    }

    @Test
    void anEmptyBoxIsKeptOnce() {
        assertEquals(1, FaceDetector.merged(List.of(box(0.6, 5, 5, 5, 5))).size());
    }

    private static Detection box(double score, double... box) {
        return new Detection(score, box, new double[12]);
    }
}
