package io.migr.perception.face;

/**
 * What a face does with its muscles, in numbers that hardly depend on the pose.
 *
 * @param blendshapes the 52 blendshapes, 0..1
 * @param lipGap distance of the lips over distance of the eyes
 * @param innerBrowHeight height of the inner brows over the eyes' corners, over distance of the eyes
 */
record FaceShape(float[] blendshapes, double lipGap, double innerBrowHeight) {

    /**
     * Reads the frontalised mesh.
     *
     * @param frontal x, y, z of the mesh's points as {@link HeadPose} gives them
     */
    static FaceShape of(float[] blendshapes, double[] frontal) {
        double rightEyeX = (frontal[3 * 33] + frontal[3 * 133]) / 2;
        double leftEyeX = (frontal[3 * 263] + frontal[3 * 362]) / 2;
        double rightEyeY = (y(frontal, 33) + y(frontal, 133)) / 2;
        double leftEyeY = (y(frontal, 263) + y(frontal, 362)) / 2;
        double rightEyeZ = (frontal[3 * 33 + 2] + frontal[3 * 133 + 2]) / 2;
        double leftEyeZ = (frontal[3 * 263 + 2] + frontal[3 * 362 + 2]) / 2;
        double eyes = length(rightEyeX - leftEyeX, rightEyeY - leftEyeY, rightEyeZ - leftEyeZ);
        double lips = length(
                frontal[3 * 13] - frontal[3 * 14],
                y(frontal, 13) - y(frontal, 14),
                frontal[3 * 13 + 2] - frontal[3 * 14 + 2]);
        double brows = (y(frontal, 55) + y(frontal, 285) + y(frontal, 107) + y(frontal, 336)) / 4;
        return new FaceShape(blendshapes, lips / eyes, (brows - (rightEyeY + leftEyeY) / 2) / eyes);
    }

    private static double y(double[] points, int point) {
        return points[3 * point + 1];
    }

    private static double length(double x, double y, double z) {
        return Math.sqrt(x * x + y * y + z * z);
    }

    /** A blendshape by name, 0..1. */
    double of(String name) {
        int index = FaceTables.BLENDSHAPES.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("There is no blendshape " + name + ".");
        }
        return blendshapes[index];
    }

    /** The mean of a blendshape that has a left and a right half. */
    double both(String name) {
        return (of(name + "Left") + of(name + "Right")) / 2;
    }
}
