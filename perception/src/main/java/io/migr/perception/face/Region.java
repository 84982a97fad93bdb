package io.migr.perception.face;

/**
 * A rotated square of a picture.
 *
 * @param centreX pixels from the left
 * @param centreY pixels from the top
 * @param size length of a side in pixels
 * @param angle of its upper side, radians clockwise from horizontal
 */
record Region(double centreX, double centreY, double size, double angle) {
    /** The crop's side in terms of the detector's box. */
    private static final double MARGIN = 1.5;

    /** The square that the mesh reads around a detected face: 1.5 times its box, turned so that the eyes are level. */
    static Region around(Detection face) {
        double[] k = face.keypoints();
        double angle = Math.atan2(k[3] - k[1], k[2] - k[0]);
        return new Region(face.centreX(), face.centreY(), face.size() * MARGIN, angle);
    }

    /** The x in the picture of a point of the crop, where the square is scaled to {@code pixels} a side. */
    double x(double u, double v, int pixels) {
        double middle = (pixels - 1) / 2.0;
        return centreX + size / pixels * (Math.cos(angle) * (u - middle) - Math.sin(angle) * (v - middle));
    }

    /** The y in the picture of a point of the crop. */
    double y(double u, double v, int pixels) {
        double middle = (pixels - 1) / 2.0;
        return centreY + size / pixels * (Math.sin(angle) * (u - middle) + Math.cos(angle) * (v - middle));
    }

    /** Whether a point of the picture lies in the middle of the square: nearer than half a side to its centre. */
    boolean covers(double x, double y) {
        return Math.hypot(centreX - x, centreY - y) < size / 2;
    }

    /** Whether both can show the same face in consecutive pictures: centres and sizes differ by less than half. */
    boolean near(Region other) {
        double larger = Math.max(size, other.size);
        return Math.hypot(centreX - other.centreX, centreY - other.centreY) < larger / 2
                && Math.min(size, other.size) > larger / 2;
    }
}
