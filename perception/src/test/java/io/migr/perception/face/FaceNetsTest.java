package io.migr.perception.face;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The nets against the numbers of the runtimes they were published for. */
final class FaceNetsTest {
    private static final String GOLDEN = "face/golden/";
    private static FaceNets nets;

    @BeforeAll
    static void load() {
        nets = new FaceNets(true);
    }

    @AfterAll
    static void close() {
        nets.close();
    }

    @Test
    void blendshapesEqualTheOriginals() throws IOException {
        float[][] expected = resource("blendshapes_out.npy");
        assertClose(expected, nets.blendshapes(resource("blendshapes_in.npy")), 5e-5);
    }

    @Test
    void detectorEqualsTheOriginal() throws IOException {
        FaceNets.Anchored[] found = nets.detect(bytes(RealFiles.npy(GOLDEN + "face_detector.in.npy"), 127.5, 1));
        float[][] boxes = RealFiles.npy(GOLDEN + "face_detector.regressors.tflite.npy");
        float[][] logits = RealFiles.npy(GOLDEN + "face_detector.classificators.tflite.npy");
        for (int i = 0; i < found.length; i++) {
            assertClose(boxes[i], found[i].boxes(), 2e-3);
            assertClose(logits[i], found[i].logits(), 5e-3);
        }
    }

    @Test
    void meshEqualsTheOriginal() throws IOException {
        FaceNets.Mesh[] meshes = nets.mesh(bytes(RealFiles.npy(GOLDEN + "face_landmarks.in.npy"), 255, 0));
        float[][] points = RealFiles.npy(GOLDEN + "face_landmarks.Identity.tflite.npy");
        float[][] presence = RealFiles.npy(GOLDEN + "face_landmarks.Identity_1.tflite.npy");
        for (int i = 0; i < meshes.length; i++) {
            assertClose(points[i], meshes[i].points(), 1e-3);
            assertEquals(1 / (1 + Math.exp(-presence[i][0])), meshes[i].presence(), 1e-5);
        }
    }

    @Test
    void expressionsEqualTheOriginals() throws IOException {
        float[][] expected = RealFiles.npy(GOLDEN + "face_expression.softmax.tfjs.npy");
        assertClose(expected, nets.expressions(bytes(RealFiles.npy(GOLDEN + "face_expression.in.npy"), 1, 0)), 1e-4);
    }

    @Test
    void aBatchEqualsItsPicturesOneByOne() {
        byte[][] pictures = new byte[5][3 * FaceNets.MESH_SIZE * FaceNets.MESH_SIZE];
        java.util.Random random = new java.util.Random(7);
        for (byte[] picture : pictures) {
            random.nextBytes(picture);
        }
        FaceNets.Mesh[] batch = nets.mesh(pictures);
        for (int i = 0; i < pictures.length; i++) {
            float[] single = nets.mesh(pictures[i])[0].points();
            assertClose(single, batch[i].points(), 1e-4 * range(single));
        }
        byte[][] small = shortened(pictures, FaceNets.DETECTOR_SIZE);
        FaceNets.Anchored[] found = nets.detect(small);
        byte[][] crops = shortened(pictures, FaceNets.EXPRESSION_SIZE);
        float[][] expressions = nets.expressions(crops);
        for (int i = 0; i < pictures.length; i++) {
            FaceNets.Anchored single = nets.detect(small[i])[0];
            assertClose(single.boxes(), found[i].boxes(), 1e-4 * range(single.boxes()));
            assertClose(single.logits(), found[i].logits(), 1e-4 * range(single.logits()));
            assertClose(nets.expressions(crops[i])[0], expressions[i], 1e-4);
        }
    }

    @Test
    void withoutAppearanceTheExpressionNetIsRefused() {
        try (FaceNets rules = new FaceNets(false)) {
            assertThrows(IllegalStateException.class, () -> rules.expressions(new byte[3 * 112 * 112]));
        }
    }

    private static byte[][] shortened(byte[][] pictures, int size) {
        return Arrays.stream(pictures)
                .map(picture -> Arrays.copyOf(picture, 3 * size * size))
                .toArray(byte[][]::new);
    }

    /** Planes [3][n] of floats (byte / scale - shift) to interleaved bytes. */
    private static byte[][] bytes(float[][] pictures, double scale, double shift) {
        byte[][] bytes = new byte[pictures.length][pictures[0].length];
        int plane = pictures[0].length / 3;
        for (int i = 0; i < bytes.length; i++) {
            for (int k = 0; k < bytes[i].length; k++) {
                bytes[i][k] = (byte) Math.round((pictures[i][k % 3 * plane + k / 3] + shift) * scale);
            }
        }
        return bytes;
    }

    private static float[][] resource(String name) throws IOException {
        try (InputStream in = FaceNetsTest.class.getResourceAsStream(name)) {
            return Npy.read(in);
        }
    }

    private static double range(float[] values) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        return high - low;
    }

    private static void assertClose(float[][] expected, float[][] found, double tolerance) {
        assertEquals(expected.length, found.length);
        for (int i = 0; i < expected.length; i++) {
            assertClose(expected[i], found[i], tolerance);
        }
    }

    private static void assertClose(float[] expected, float[] found, double tolerance) {
        assertEquals(expected.length, found.length);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(expected[i] - found[i]));
        }
        assertTrue(worst <= tolerance, "differs by " + worst + ", allowed " + tolerance);
    }
}
