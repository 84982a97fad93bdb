package io.migr.perception.face;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HeadPoseTest {

    @ParameterizedTest
    @CsvSource({"-30,0,0", "-15,10,5", "0,0,0", "15,-20,-10", "30,0,0", "60,0,0", "0,0,90", "10,20,-30"})
    void theCanonicalFaceIsReadAsItWasTurned(double yaw, double pitch, double roll) {
        HeadPose pose = HeadPose.of(turned(yaw, pitch, roll));
        assertEquals(yaw, pose.yaw(), 0.01);
        assertEquals(pitch, pose.pitch(), 0.01);
        assertEquals(roll, pose.roll(), 0.01);
        for (int i = 0; i < FaceTables.CANONICAL.length; i++) {
            assertEquals(FaceTables.CANONICAL[i], pose.frontal()[i], 1e-3);
        }
    }

    /** The mesh's depth is as if seen from infinity, so a camera at arm's length bends what the pose is fitted to. */
    @ParameterizedTest
    @ValueSource(doubles = {-30, -20, -10, 0, 10, 20, 30})
    void aNearCameraChangesTheYawByLessThanThreeDegrees(double yaw) {
        for (double centimetres : new double[] {35, 50, 80}) {
            HeadPose pose = HeadPose.of(inPerspective(turned(yaw, 0, 0), centimetres));
            System.out.printf("yaw %.0f from %.0f cm is read as %.2f%n", yaw, centimetres, pose.yaw());
            assertEquals(yaw, pose.yaw(), 3);
            assertEquals(0, pose.pitch(), 3);
        }
    }

    /** What a camera so far from the head's origin sees of a mesh that is drawn as from infinity. */
    private static FaceMesh inPerspective(FaceMesh mesh, double centimetres) {
        float[] points = mesh.points().clone();
        for (int i = 0; i < points.length; i += 3) {
            double nearer = 1 / (1 + points[i + 2] / (20 * centimetres));
            points[i] = (float) (320 + (points[i] - 320) * nearer);
            points[i + 1] = (float) (240 + (points[i + 1] - 240) * nearer);
        }
        return new FaceMesh(points, 1);
    }

    /**
     * The canonical face in a picture, 20 pixels a centimetre around (320, 240): rolled, then pitched, then turned, as
     * R = Ry(yaw) Rx(-pitch) Rz(roll) read off its last column and second row.
     */
    private static FaceMesh turned(double yaw, double pitch, double roll) {
        double a = Math.toRadians(yaw);
        double b = Math.toRadians(-pitch);
        double c = Math.toRadians(roll);
        float[] points = new float[FaceTables.CANONICAL.length];
        for (int i = 0; i < points.length; i += 3) {
            double x = FaceTables.CANONICAL[i] * Math.cos(c) - FaceTables.CANONICAL[i + 1] * Math.sin(c);
            double y = FaceTables.CANONICAL[i] * Math.sin(c) + FaceTables.CANONICAL[i + 1] * Math.cos(c);
            double z = FaceTables.CANONICAL[i + 2];
            double down = y * Math.cos(b) - z * Math.sin(b);
            double deep = y * Math.sin(b) + z * Math.cos(b);
            points[i] = (float) (320 + 20 * (x * Math.cos(a) + deep * Math.sin(a)));
            points[i + 1] = (float) (240 - 20 * down);
            points[i + 2] = (float) (-20 * (-x * Math.sin(a) + deep * Math.cos(a)));
        }
        return new FaceMesh(points, 1);
    }
}
