package io.migr.perception.face;

import io.migr.perception.face.FaceNets.Anchored;
import io.migr.perception.face.Resampling.Letterbox;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds faces with BlazeFace: anchors, then MediaPipe's weighted non-maximum suppression. In a whole picture it finds
 * faces from about an eighth of the longer side on, in tiles half as large ones of 40 pixels of 640.
 */
final class FaceDetector {
    private static final int SIZE = FaceNets.DETECTOR_SIZE;
    private static final double SCORE = 0.5;
    private static final double SAME_FACE = 0.3;
    private static final int TILES = 3;
    private static final float[] ANCHORS = anchors();

    private final FaceNets nets;

    FaceDetector(FaceNets nets) {
        this.nets = nets;
    }

    /** x, y of the 896 anchors' centres, 0..1: two in each of 16 x 16 cells, six in each of 8 x 8. */
    private static float[] anchors() {
        float[] anchors = new float[2 * 896];
        int at = 0;
        for (int side = 16, copies = 2; side >= 8; side /= 2, copies = 6) {
            for (int i = 0; i < side * side * copies; i++) {
                int cell = i / copies;
                anchors[at++] = (cell % side + 0.5f) / side;
                anchors[at++] = (cell / side + 0.5f) / side;
            }
        }
        return anchors;
    }

    /** The faces in a picture, best first. */
    List<Detection> find(RgbFrame frame) {
        return find(List.of(Resampling.letterbox(frame, 0, 0, frame.width(), frame.height(), SIZE)));
    }

    /** The faces in nine overlapping tiles of half the picture's width and height, best first. */
    List<Detection> findInTiles(RgbFrame frame) {
        int width = (frame.width() + 1) / 2;
        int height = (frame.height() + 1) / 2;
        List<Letterbox> tiles = new ArrayList<>();
        for (int i = 0; i < TILES * TILES; i++) {
            int left = (frame.width() - width) * (i % TILES) / (TILES - 1);
            int top = (frame.height() - height) * (i / TILES) / (TILES - 1);
            tiles.add(Resampling.letterbox(frame, left, top, width, height, SIZE));
        }
        return find(tiles);
    }

    private List<Detection> find(List<Letterbox> pieces) {
        Anchored[] anchored = nets.detect(pieces.stream().map(Letterbox::rgb).toArray(byte[][]::new));
        List<Detection> candidates = new ArrayList<>();
        for (int i = 0; i < anchored.length; i++) {
            for (int anchor = 0; anchor < anchored[i].logits().length; anchor++) {
                double score = 1 / (1 + Math.exp(-anchored[i].logits()[anchor]));
                if (score >= SCORE) {
                    candidates.add(decoded(pieces.get(i), score, anchored[i].boxes(), anchor));
                }
            }
        }
        return merged(candidates);
    }

    private static Detection decoded(Letterbox piece, double score, float[] boxes, int anchor) {
        double[] at = new double[16];
        for (int i = 0; i < 16; i++) {
            // width and height, numbers 2 and 3, have no origin
            double origin = i == 2 || i == 3 ? 0 : ANCHORS[2 * anchor + i % 2] * SIZE;
            at[i] = boxes[16 * anchor + i] + origin;
        }
        double[] box = {
            piece.x(at[0] - at[2] / 2),
            piece.y(at[1] - at[3] / 2),
            piece.x(at[0] + at[2] / 2),
            piece.y(at[1] + at[3] / 2)
        };
        double[] keypoints = new double[12];
        for (int i = 0; i < 12; i += 2) {
            keypoints[i] = piece.x(at[4 + i]);
            keypoints[i + 1] = piece.y(at[5 + i]);
        }
        return new Detection(score, box, keypoints);
    }

    /** Boxes that overlap a better one by more than 0.3 become one: the mean weighted by their scores. */
    static List<Detection> merged(List<Detection> candidates) {
        List<Detection> rest = new ArrayList<>(candidates);
        rest.sort(Comparator.comparingDouble(Detection::score).reversed());
        List<Detection> faces = new ArrayList<>();
        while (!rest.isEmpty()) {
            Detection best = rest.get(0);
            List<Detection> same = new ArrayList<>(rest.stream()
                    .filter(other -> best.overlap(other) > SAME_FACE)
                    .toList());
            if (same.isEmpty()) {
                same.add(best); // an empty box does not even overlap itself
            }
            rest.removeAll(same);
            double[] box = new double[4];
            double[] keypoints = new double[12];
            double total = same.stream().mapToDouble(Detection::score).sum();
            for (Detection one : same) {
                addScaled(box, one.box(), one.score() / total);
                addScaled(keypoints, one.keypoints(), one.score() / total);
            }
            faces.add(new Detection(best.score(), box, keypoints));
        }
        return faces;
    }

    private static void addScaled(double[] sum, double[] values, double factor) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * values[i];
        }
    }
}
