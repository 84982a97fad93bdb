package io.migr.perception.face;

import io.migr.schemas.FaceView;
import java.util.Optional;

/**
 * How a face is seen in a frame.
 *
 * @param mesh its points
 * @param pose how the head is turned
 * @param light mean luma, 0..1
 * @param frame the picture
 */
record View(FaceMesh mesh, HeadPose pose, double light, RgbFrame frame) {
    private static final double TURNED_YAW = 35;
    private static final double TURNED_PITCH = 40;
    private static final double CUT_OFF = 0.6;

    static View of(FollowedFace.Sight sight, RgbFrame frame) {
        return new View(sight.mesh(), HeadPose.of(sight.mesh()), sight.light(), frame);
    }

    /** Why nothing can be read from the face, in words; empty if something can. */
    Optional<String> obstacle() {
        if (Math.abs(pose.yaw()) > TURNED_YAW || Math.abs(pose.pitch()) > TURNED_PITCH) {
            return Optional.of("the face is turned away");
        }
        if (mesh.inside(frame) < CUT_OFF) {
            return Optional.of("the face is cut off by the edge of the picture");
        }
        return Optional.empty();
    }

    /**
     * How good the view is, 0..1: full for a lit face of at least 40 pixels, turned by at most 20 degrees, tilted by at
     * most 60 and wholly in the picture. A head that lies is sometimes taken for one that lies the other way. Darkness counts from a luma of 0.1 down, nothing is left at 0.02. What covers a face, such as a hand
     * or a mask, is not known.
     */
    double quality() {
        return share(light, 0.02, 0.1)
                * share(mesh.bounds().size(), 10, 40)
                * (1 - share(Math.abs(pose.yaw()), 20, TURNED_YAW) / 2)
                * (1 - share(Math.abs(pose.roll()), 60, 90) / 2)
                * share(mesh.inside(frame), CUT_OFF - 0.1, 0.95);
    }

    private static double share(double value, double low, double high) {
        return Math.max(0, Math.min(1, (value - low) / (high - low)));
    }

    FaceView toRecord() {
        Region bounds = mesh.bounds();
        return FaceView.newBuilder()
                .setYaw((float) pose.yaw())
                .setPitch((float) pose.pitch())
                .setRoll((float) pose.roll())
                .setCentreX((float) (bounds.centreX() / frame.width()))
                .setCentreY((float) (bounds.centreY() / frame.height()))
                .setWidth((float) bounds.size())
                .setLight((float) light)
                .setInside((float) mesh.inside(frame))
                .build();
    }
}
