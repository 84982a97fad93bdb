package io.migr.perception.face;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Follows one face through the frames of a clip: the largest of the first frame that has one, then the one that is
 * nearest to where it was. A face too far from there, or of another size, is somebody else's and is not taken.
 */
final class FollowedFace {
    /** Presence from which a face that is already followed is still there. */
    private static final double PRESENT = 0.5;
    /** Presence from which a detection is a face: people's are nearly always above 0.95, rocks and leaves below 0.75. */
    private static final double CERTAIN = 0.8;
    /**
     * The mesh sees an upright face in one that is upside down, but elsewhere than the detector does. Upright faces score
     * 0.74 to 0.98 and are missed by 0.01 to 0.07 of their size, upside down ones 0.5 to 0.79 and 0.03 to 0.3. Of small
     * ones the detector itself does not know better.
     */
    private static final double CLEAR = 0.8;

    private static final double MISSED = 0.075;
    private static final double LARGE = 0.2;
    /** Candidates that are checked in one frame. */
    private static final int CANDIDATES = 3;
    /** Candidates that are checked where faces are counted. */
    private static final int COUNTED = 8;
    /**
     * The detector's box in terms of the mesh's bounds: length of a side, and how far its centre lies towards the chin.
     * So a followed face is cropped as a detected one; medians over pictures.
     */
    private static final double BOX = 0.92;

    private static final double TOWARDS_CHIN = 0.035;
    /** The detector's boxes fit faces larger than a fifth of the picture within a tenth, smaller ones less well. */
    private static final double MISFIT = 1.2;

    private final FaceNets nets;
    private final FaceDetector detector;
    private Region last;
    private boolean searchedTiles;
    private int faces;
    private boolean counted;

    FollowedFace(FaceNets nets) {
        this.nets = nets;
        detector = new FaceDetector(nets);
    }

    /**
     * A face in its crop.
     *
     * @param mesh its points in the picture
     * @param light mean luma of the crop's middle, 0..1
     */
    record Sight(FaceMesh mesh, double light) {}

    /** The followed face in the clip's next used frame; empty if it is not there. */
    Optional<Sight> next(RgbFrame frame) {
        Optional<Sight> found =
                last == null ? Optional.empty() : look(frame, boxed(last)).filter(this::same);
        if (found.isEmpty()) {
            found = search(frame);
        }
        found.ifPresent(sight -> last = sight.mesh().bounds());
        return found;
    }

    /** The number of faces in the clip. */
    int faces() {
        return faces;
    }

    private Optional<Sight> search(RgbFrame frame) {
        Optional<Sight> found = best(frame, detector.find(frame));
        if (found.isEmpty() && !searchedTiles) {
            searchedTiles = true;
            found = best(frame, detector.findInTiles(frame));
        }
        return found;
    }

    /** The first of the detections, the most wanted first, that the mesh takes for the followed face. */
    private Optional<Sight> best(RgbFrame frame, List<Detection> detections) {
        Comparator<Detection> order = last == null
                ? Comparator.comparingDouble(Detection::size).reversed()
                : Comparator.comparingDouble(
                        face -> Math.hypot(face.centreX() - last.centreX(), face.centreY() - last.centreY()));
        for (Detection detection :
                detections.stream().sorted(order).limit(CANDIDATES).toList()) {
            Optional<Sight> found = certain(frame, detection).filter(this::same);
            if (found.isPresent()) {
                count(frame, detections);
                return found;
            }
        }
        return Optional.empty();
    }

    /**
     * Counts the faces of a clip the first time that more than one may be there. Of several in a picture the detector
     * misplaces the small ones, so the tiles are asked, too.
     */
    private void count(RgbFrame frame, List<Detection> detections) {
        faces = Math.max(faces, 1);
        if (detections.size() == 1 || counted) {
            return;
        }
        counted = true;
        List<Detection> all = new ArrayList<>(detections);
        if (!searchedTiles) {
            all.addAll(detector.findInTiles(frame));
        }
        all.sort(Comparator.comparingDouble(Detection::score).reversed());
        List<Region> seen = new ArrayList<>();
        for (int i = 0, looks = 0; i < all.size() && looks < COUNTED; i++) {
            Detection one = all.get(i);
            if (seen.stream().noneMatch(face -> face.covers(one.centreX(), one.centreY()))) {
                looks++;
                certain(frame, one).map(sight -> sight.mesh().bounds()).ifPresent(seen::add);
            }
        }
        faces = Math.max(faces, seen.size());
    }

    private Optional<Sight> certain(RgbFrame frame, Detection detection) {
        return look(frame, Region.around(detection))
                .filter(sight -> sight.mesh().presence() >= CERTAIN)
                .filter(sight -> upright(sight, detection, frame));
    }

    private static boolean upright(Sight sight, Detection detection, RgbFrame frame) {
        return detection.score() >= CLEAR
                || detection.size() < LARGE * Math.max(frame.width(), frame.height())
                || sight.mesh().misses(detection) < MISSED;
    }

    private boolean same(Sight sight) {
        return last == null || sight.mesh().bounds().near(last);
    }

    /** The face in a region; looks again where the mesh shows that the crop was much too large or too small for it. */
    private Optional<Sight> look(RgbFrame frame, Region region) {
        Optional<Sight> first = lookOnce(frame, region);
        if (first.isEmpty()) {
            return first;
        }
        Region fitted = boxed(first.get().mesh().bounds());
        double ratio = fitted.size() / region.size();
        return ratio > 1 / MISFIT && ratio < MISFIT ? first : lookOnce(frame, fitted);
    }

    private Optional<Sight> lookOnce(RgbFrame frame, Region region) {
        byte[] crop = Resampling.crop(frame, region, FaceNets.MESH_SIZE);
        FaceMesh mesh = FaceMesh.of(nets.mesh(crop)[0], region);
        return mesh.presence() < PRESENT ? Optional.empty() : Optional.of(new Sight(mesh, light(crop)));
    }

    private static Region boxed(Region bounds) {
        double size = 1.5 * BOX * bounds.size();
        double shift = TOWARDS_CHIN * bounds.size();
        return new Region(
                bounds.centreX() - Math.sin(bounds.angle()) * shift,
                bounds.centreY() + Math.cos(bounds.angle()) * shift,
                size,
                bounds.angle());
    }

    /** Mean luma (BT.601) of the middle half of a crop, 0..1. */
    private static double light(byte[] crop) {
        double sum = 0;
        int count = 0;
        for (int v = FaceNets.MESH_SIZE / 4; v < FaceNets.MESH_SIZE * 3 / 4; v += 4) {
            for (int u = FaceNets.MESH_SIZE / 4; u < FaceNets.MESH_SIZE * 3 / 4; u += 4, count++) {
                int at = 3 * (v * FaceNets.MESH_SIZE + u);
                sum += 0.299 * (crop[at] & 0xff) + 0.587 * (crop[at + 1] & 0xff) + 0.114 * (crop[at + 2] & 0xff);
            }
        }
        return sum / count / 255;
    }
}
