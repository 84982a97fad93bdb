package io.migr.perception.face;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chain from a picture to landmarks, pose and blendshapes against the original's on the same picture. */
@Tag("slow")
final class GoldenFacesTest {
    private static FaceNets nets;

    @BeforeAll
    static void load() {
        nets = new FaceNets(false);
    }

    @AfterAll
    static void close() {
        nets.close();
    }

    /** Only the crop's rounding differs. */
    @ParameterizedTest
    @ValueSource(strings = {"tf07", "tm14", "sf_00036", "wl_00040", "cp_00060"})
    void inTheOriginalsRegionTheFaceIsTheSame(String name) throws IOException {
        JsonNode golden = golden(name);
        JsonNode at = golden.path("roi");
        Region region = new Region(
                at.path(0).asDouble(),
                at.path(1).asDouble(),
                at.path(2).asDouble(),
                at.path(3).asDouble());
        byte[] crop = Resampling.crop(picture(name), region, FaceNets.MESH_SIZE);
        assertFace(name + " in its region", golden, FaceMesh.of(nets.mesh(crop)[0], region), 0.0005, 0.01, 0.1);
    }

    /**
     * The detector's picture is shrunk by another filter, so its box differs by up to 1 % of the face, the crop with it,
     * and the net answers that with up to a thousandth of the face.
     */
    @ParameterizedTest
    @ValueSource(strings = {"tf07", "tm14", "sf_00036", "wl_00040", "cp_00060"})
    void theWholeChainGivesTheOriginalsFace(String name) throws IOException {
        FaceMesh mesh = new FollowedFace(nets).next(picture(name)).orElseThrow().mesh();
        assertFace(name, golden(name), mesh, 0.002, 0.04, 0.5);
    }

    /** @param points tolerance of the points' mean distance, in terms of the face's width */
    private static void assertFace(
            String name, JsonNode golden, FaceMesh mesh, double points, double blendshapes, double degrees) {
        double distance = distance(golden.path("landmarks"), mesh);
        double difference = difference(golden.path("blendshapes"), nets.blendshapes(mesh.blendshapePoints())[0]);
        HeadPose pose = HeadPose.of(mesh);
        JsonNode expected = golden.path("pose_yaw_pitch_roll");
        String text = String.format(
                "%s: points off by %.5f of the face's width, blendshapes by at most %.3f, yaw by %.2f, pitch by %.2f",
                name,
                distance,
                difference,
                pose.yaw() - expected.path(0).asDouble(),
                pose.pitch() - expected.path(1).asDouble());
        System.out.println(text);
        assertTrue(distance <= points && difference <= blendshapes, text);
        assertEquals(expected.path(0).asDouble(), pose.yaw(), degrees, text);
        assertEquals(expected.path(1).asDouble(), pose.pitch(), degrees, text);
        assertEquals(golden.path("presence").asDouble(), mesh.presence(), 0.01, text);
    }

    private static double distance(JsonNode landmarks, FaceMesh mesh) {
        double sum = 0;
        for (int i = 0; i < landmarks.size(); i++) {
            JsonNode point = landmarks.path(i);
            sum += Math.hypot(
                    mesh.x(i) - point.path(0).asDouble(),
                    mesh.y(i) - point.path(1).asDouble());
        }
        return sum / landmarks.size() / mesh.bounds().size();
    }

    private static double difference(JsonNode expected, float[] found) {
        double worst = 0;
        for (int i = 0; i < found.length; i++) {
            worst = Math.max(worst, Math.abs(found[i] - expected.path(i).asDouble()));
        }
        return worst;
    }

    private static JsonNode golden(String name) throws IOException {
        return new ObjectMapper()
                .readTree(RealFiles.path("face/golden/e2e_" + name + ".json").toFile());
    }

    private static RgbFrame picture(String name) throws IOException {
        return RealFiles.picture("face/golden/e2e_" + name + ".png");
    }
}
