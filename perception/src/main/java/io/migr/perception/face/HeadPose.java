package io.migr.perception.face;

/**
 * How the head is turned, and the face as it looks from the front.
 *
 * @param yaw degrees, positive towards the right of the picture
 * @param pitch degrees, positive upwards
 * @param roll degrees, positive counter-clockwise
 * @param frontal x, y, z of the mesh's points in centimetres of the canonical face; y upwards, z towards the camera
 */
record HeadPose(double yaw, double pitch, double roll, double[] frontal) {
    /** Squarings after which the largest eigenvalue has left the others behind: 2^12 steps of the power method. */
    private static final int SQUARINGS = 12;

    /**
     * Fits the canonical face to a mesh: the rotation R, scale s and shift t that minimise the weighted sum of
     * |s R a + t - b|^2 (Horn 1987, with unit quaternions).
     */
    static HeadPose of(FaceMesh mesh) {
        double[] seen = new double[mesh.points().length];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = i % 3 == 0 ? mesh.points()[i] : -mesh.points()[i];
        }
        double[] canonicalMean = mean(FaceTables.CANONICAL);
        double[] seenMean = mean(seen);
        double[][] products = new double[3][3];
        double spread = 0;
        for (int k = 0; k < FaceTables.POSE_LANDMARKS.length; k++) {
            int at = 3 * FaceTables.POSE_LANDMARKS[k];
            double weight = FaceTables.POSE_WEIGHTS[k];
            for (int i = 0; i < 3; i++) {
                double a = FaceTables.CANONICAL[at + i] - canonicalMean[i];
                spread += weight * a * a;
                for (int j = 0; j < 3; j++) {
                    products[i][j] += weight * a * (seen[at + j] - seenMean[j]);
                }
            }
        }
        double[][] r = rotation(products);
        double scale = 0;
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                scale += r[j][i] * products[i][j] / spread;
            }
        }
        double[] frontal = new double[seen.length];
        for (int i = 0; i < frontal.length; i++) {
            int point = i - i % 3;
            for (int j = 0; j < 3; j++) {
                frontal[i] += (seen[point + j] - seenMean[j]) * r[j][i % 3] / scale;
            }
            frontal[i] += canonicalMean[i % 3];
        }
        return new HeadPose(
                Math.toDegrees(Math.atan2(r[0][2], r[2][2])),
                Math.toDegrees(Math.asin(Math.max(-1, Math.min(1, r[1][2])))),
                Math.toDegrees(Math.atan2(r[1][0], r[1][1])),
                frontal);
    }

    private static double[] mean(double[] points) {
        double[] mean = new double[3];
        for (int k = 0; k < FaceTables.POSE_LANDMARKS.length; k++) {
            for (int i = 0; i < 3; i++) {
                mean[i] += FaceTables.POSE_WEIGHTS[k] * points[3 * FaceTables.POSE_LANDMARKS[k] + i];
            }
        }
        return mean;
    }

    /** The rotation R that maximises sum_ij R_ji s_ij: the eigenvector of Horn's matrix with the largest eigenvalue. */
    private static double[][] rotation(double[][] s) {
        double[][] n = {
            {s[0][0] + s[1][1] + s[2][2], s[1][2] - s[2][1], s[2][0] - s[0][2], s[0][1] - s[1][0]},
            {s[1][2] - s[2][1], s[0][0] - s[1][1] - s[2][2], s[0][1] + s[1][0], s[2][0] + s[0][2]},
            {s[2][0] - s[0][2], s[0][1] + s[1][0], -s[0][0] + s[1][1] - s[2][2], s[1][2] + s[2][1]},
            {s[0][1] - s[1][0], s[2][0] + s[0][2], s[1][2] + s[2][1], -s[0][0] - s[1][1] + s[2][2]}
        };
        double shift = norm(n); // makes every eigenvalue positive and keeps their order
        for (int i = 0; i < 4; i++) {
            n[i][i] += shift;
        }
        for (int i = 0; i < SQUARINGS; i++) {
            n = squaredAndScaled(n);
        }
        // now n = q q^T
        double[] q = n[0];
        for (double[] row : n) {
            q = length(row) > length(q) ? row : q;
        }
        double length = length(q);
        double w = q[0] / length;
        double x = q[1] / length;
        double y = q[2] / length;
        double z = q[3] / length;
        return new double[][] {
            {1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)},
            {2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)},
            {2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)}
        };
    }

    private static double[][] squaredAndScaled(double[][] n) {
        double norm = norm(n);
        double[][] squared = new double[4][4];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                for (int k = 0; k < 4; k++) {
                    squared[i][j] += n[i][k] / norm * n[k][j] / norm;
                }
            }
        }
        return squared;
    }

    private static double norm(double[][] n) {
        double sum = 0;
        for (double[] row : n) {
            sum += length(row) * length(row);
        }
        return Math.sqrt(sum);
    }

    private static double length(double[] row) {
        double sum = 0;
        for (double value : row) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
