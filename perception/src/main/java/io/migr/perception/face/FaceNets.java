package io.migr.perception.face;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernel;
import io.migr.engine.KernelText;
import io.migr.engine.Kernels;
import io.migr.engine.SafeTensors;
import io.migr.engine.SafeTensors.Tensor;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * The nets: BlazeFace (short range), the mesh of 478 points and the 52 blendshapes of MediaPipe's Face Landmarker, and
 * the expression net of face-api.js. Each runs in one native call on a batch of pictures. One instance per thread.
 */
final class FaceNets implements AutoCloseable {
    static final int DETECTOR_SIZE = 128;
    static final int MESH_SIZE = 256;
    static final int EXPRESSION_SIZE = 112;

    private static final KernelText TEXT = KernelText.load(FaceNets.class, "face_nets.torchscript");
    private static final Kernel STORED = TEXT.kernel("stored");
    private static final Kernel DETECTOR = TEXT.kernel("detector");
    private static final Kernel MESH = TEXT.kernel("mesh");
    private static final Kernel BLENDSHAPES = TEXT.kernel("blendshapes");
    private static final Kernel EXPRESSION = TEXT.kernel("expression");
    /** Mean colour of the pictures that the expression net was trained on. */
    private static final float[] EXPRESSION_MEAN = {122.782f, 117.001f, 104.298f};

    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final Kernels kernels = new Kernels(manager);
    private final NDArray[] detector;
    private final NDArray[] mesh;
    private final NDArray[] blendshapes;
    private final NDArray expressionMean;
    private final NDArray[] expression;

    /**
     * Loads the weights.
     *
     * @param appearance whether {@link #expressions} is wanted; its weights are not read otherwise
     */
    FaceNets(boolean appearance) {
        Kernels.recordGradients(false);
        detector = weights("face_detector.safetensors");
        mesh = weights("face_landmarks.safetensors");
        blendshapes = weights("face_blendshapes.safetensors");
        expression = appearance ? weights("face_expression.safetensors") : null;
        expressionMean = manager.create(EXPRESSION_MEAN);
    }

    private NDArray[] weights(String file) {
        Map<String, Tensor> tensors = new TreeMap<>(SafeTensors.readResource(FaceNets.class, file));
        try (NDManager scope = manager.newSubManager()) {
            NDArray[] read = tensors.values().stream()
                    .map(tensor -> scope.create(tensor.floats(), new Shape(tensor.shape())))
                    .toArray(NDArray[]::new);
            return kernels.all(manager, STORED, (Object) read);
        }
    }

    /**
     * Logits and boxes of a picture's anchors.
     *
     * @param logits one for each anchor
     * @param boxes 16 numbers for each anchor, in pixels of the input and relative to the anchor: centre x, y, width,
     *     height, then x, y of six keypoints
     */
    record Anchored(float[] logits, float[] boxes) {}

    /** Runs the detector on pictures of {@link #DETECTOR_SIZE} pixels a side, RGB bytes. */
    Anchored[] detect(byte[]... pictures) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray[] out = kernels.all(scope, DETECTOR, batch(scope, DETECTOR_SIZE, pictures), detector);
            float[][] logits = rows(out[0], pictures.length);
            float[][] boxes = rows(out[1], pictures.length);
            Anchored[] found = new Anchored[pictures.length];
            for (int i = 0; i < found.length; i++) {
                found[i] = new Anchored(logits[i], boxes[i]);
            }
            return found;
        }
    }

    /**
     * A mesh in its crop.
     *
     * @param points x, y, z of 478 points in pixels of the crop
     * @param presence the probability that the crop shows a face, 0..1
     */
    record Mesh(float[] points, double presence) {}

    /** Runs the mesh on crops of {@link #MESH_SIZE} pixels a side, RGB bytes. */
    Mesh[] mesh(byte[]... crops) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray[] out = kernels.all(scope, MESH, batch(scope, MESH_SIZE, crops), mesh);
            float[][] points = rows(out[0], crops.length);
            float[] logits = out[1].toFloatArray();
            Mesh[] meshes = new Mesh[crops.length];
            for (int i = 0; i < meshes.length; i++) {
                meshes[i] = new Mesh(points[i], 1 / (1 + Math.exp(-logits[i])));
            }
            return meshes;
        }
    }

    /** The 52 blendshapes, 0..1, of faces given as x, y of 146 points of the mesh in any unit. */
    float[][] blendshapes(float[]... points) {
        try (NDManager scope = manager.newSubManager()) {
            float[] all = new float[points.length * points[0].length];
            for (int i = 0; i < points.length; i++) {
                System.arraycopy(points[i], 0, all, i * points[0].length, points[0].length);
            }
            NDArray x = scope.create(all, new Shape(points.length, points[0].length / 2, 2));
            return rows(kernels.one(scope, BLENDSHAPES, x, blendshapes), points.length);
        }
    }

    /**
     * Probabilities of neutral, happy, sad, angry, fearful, disgusted and surprised, from crops of {@link
     * #EXPRESSION_SIZE} pixels a side, RGB bytes.
     *
     * @throws IllegalStateException if the nets were loaded without appearance
     */
    float[][] expressions(byte[]... crops) {
        if (expression == null) {
            throw new IllegalStateException("The face nets were loaded without the appearance net.");
        }
        try (NDManager scope = manager.newSubManager()) {
            NDArray x = batch(scope, EXPRESSION_SIZE, crops);
            return rows(kernels.one(scope, EXPRESSION, x, expressionMean, expression), crops.length);
        }
    }

    private static NDArray batch(NDManager scope, int size, byte[][] pictures) {
        ByteBuffer all = ByteBuffer.allocateDirect(pictures.length * size * size * 3);
        for (byte[] picture : pictures) {
            all.put(picture);
        }
        return scope.create(all.flip(), new Shape(pictures.length, size, size, 3), DataType.UINT8);
    }

    private static float[][] rows(NDArray array, int count) {
        float[] all = array.toFloatArray();
        float[][] rows = new float[count][all.length / count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(all, i * rows[i].length, rows[i], 0, rows[i].length);
        }
        return rows;
    }

    @Override
    public void close() {
        kernels.close();
        manager.close();
    }
}
