package io.migr.perception.face;

/**
 * A face as the detector sees it, in pixels of the picture.
 *
 * @param score 0..1
 * @param box left, top, right, bottom
 * @param keypoints x, y of the eye that is on the left for the viewer, the other eye, nose tip, mouth, and the two ears
 */
record Detection(double score, double[] box, double[] keypoints) {
    double size() {
        return Math.max(box[2] - box[0], box[3] - box[1]);
    }

    double centreX() {
        return (box[0] + box[2]) / 2;
    }

    double centreY() {
        return (box[1] + box[3]) / 2;
    }

    /** Intersection over union of the boxes, 0..1. */
    double overlap(Detection other) {
        double width = Math.min(box[2], other.box[2]) - Math.max(box[0], other.box[0]);
        double height = Math.min(box[3], other.box[3]) - Math.max(box[1], other.box[1]);
        double both = Math.max(0, width) * Math.max(0, height);
        return both / (area() + other.area() - both + 1e-9);
    }

    private double area() {
        return (box[2] - box[0]) * (box[3] - box[1]);
    }
}
