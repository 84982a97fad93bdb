package io.migr.perception.face;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The 478 points of MediaPipe's face mesh: 468 of the face, then the irises.
 *
 * @param points x, y, z of each: pixels of the picture from its top left, z growing away from the camera
 * @param presence the probability that this is a face, 0..1
 */
record FaceMesh(float[] points, double presence) {
    private static final int FACE_POINTS = 468;
    private static final int RIGHT_EYE = 33;
    private static final int LEFT_EYE = 263;
    private static final int[] OUTLINE = Stream.of(
                    new int[] {70, 63, 105, 66, 107, 336, 296, 334, 293, 300},
                    new int[] {127, 234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152},
                    new int[] {377, 400, 378, 379, 365, 397, 288, 361, 323, 454, 356})
            .flatMapToInt(IntStream::of)
            .toArray();
    private static final double EXPRESSION_MARGIN = 1.2;

    /**
     * Brings a mesh from its crop into the picture.
     *
     * @param region where the crop was taken
     */
    static FaceMesh of(FaceNets.Mesh inCrop, Region region) {
        float[] points = inCrop.points().clone();
        for (int i = 0; i < points.length; i += 3) {
            double u = points[i];
            double v = points[i + 1];
            points[i] = (float) region.x(u, v, FaceNets.MESH_SIZE);
            points[i + 1] = (float) region.y(u, v, FaceNets.MESH_SIZE);
            points[i + 2] *= (float) (region.size() / FaceNets.MESH_SIZE);
        }
        return new FaceMesh(points, inCrop.presence());
    }

    double x(int point) {
        return points[3 * point];
    }

    double y(int point) {
        return points[3 * point + 1];
    }

    /** The smallest square around the face that is turned so that the eyes are level. */
    Region bounds() {
        double angle = Math.atan2(y(LEFT_EYE) - y(RIGHT_EYE), x(LEFT_EYE) - x(RIGHT_EYE));
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (int i = 0; i < FACE_POINTS; i++) {
            double along = cos * x(i) + sin * y(i);
            double across = cos * y(i) - sin * x(i);
            low[0] = Math.min(low[0], along);
            high[0] = Math.max(high[0], along);
            low[1] = Math.min(low[1], across);
            high[1] = Math.max(high[1], across);
        }
        double along = (low[0] + high[0]) / 2;
        double across = (low[1] + high[1]) / 2;
        double size = Math.max(high[0] - low[0], high[1] - low[1]);
        return new Region(cos * along - sin * across, sin * along + cos * across, size, angle);
    }

    /** How far eyes, nose and mouth lie from where the detector sees them: the mean, in terms of the face's size. */
    double misses(Detection face) {
        double[] k = face.keypoints();
        double sum = Math.hypot((x(33) + x(133)) / 2 - k[0], (y(33) + y(133)) / 2 - k[1])
                + Math.hypot((x(263) + x(362)) / 2 - k[2], (y(263) + y(362)) / 2 - k[3])
                + Math.hypot(x(4) - k[4], y(4) - k[5])
                + Math.hypot((x(13) + x(14)) / 2 - k[6], (y(13) + y(14)) / 2 - k[7]);
        return sum / 4 / bounds().size();
    }

    /** The square that the expression net reads: around brows and jaw, upright, 1.2 times as large. */
    Region expressionRegion() {
        double left = IntStream.of(OUTLINE).mapToDouble(this::x).min().getAsDouble();
        double right = IntStream.of(OUTLINE).mapToDouble(this::x).max().getAsDouble();
        double top = IntStream.of(OUTLINE).mapToDouble(this::y).min().getAsDouble();
        double bottom = IntStream.of(OUTLINE).mapToDouble(this::y).max().getAsDouble();
        double size = EXPRESSION_MARGIN * Math.max(right - left, bottom - top);
        return new Region((left + right) / 2, (top + bottom) / 2, size, 0);
    }

    /** The points that the blendshapes net reads, x and y. */
    float[] blendshapePoints() {
        int[] wanted = FaceTables.BLENDSHAPE_LANDMARKS;
        float[] xy = new float[2 * wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            xy[2 * i] = points[3 * wanted[i]];
            xy[2 * i + 1] = points[3 * wanted[i] + 1];
        }
        return xy;
    }

    /** The share of the face's points that lie inside a picture, 0..1. */
    double inside(RgbFrame frame) {
        long inside = IntStream.range(0, FACE_POINTS)
                .filter(i -> x(i) >= 0 && x(i) < frame.width() && y(i) >= 0 && y(i) < frame.height())
                .count();
        return (double) inside / FACE_POINTS;
    }
}
