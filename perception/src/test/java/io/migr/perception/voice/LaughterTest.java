package io.migr.perception.voice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares with what the published encoder computes of a synthetic sound; its weights are not in the repository. */
@Tag("slow")
class LaughterTest {
    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final Kernels kernels = new Kernels(manager);

    @AfterEach
    void close() {
        kernels.close();
        manager.close();
        Kernels.recordGradients(true);
    }

    static Path folder() {
        String real = System.getProperty("migr.real");
        assumeTrue(real != null, "SKIPPED: migr.real does not name the folder that holds the encoder of laughter");
        return Path.of(real, "voice");
    }

    private static float[] golden(String name) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(folder().resolve("golden/" + name)))
                .order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    @Test
    void computesThePublishedMelAndEncoding() throws IOException {
        Kernels.recordGradients(false);
        Laughter laughter = new Laughter(manager, kernels, folder());
        float[] mel = golden("encoder_mel.f32");
        assertArrayEquals(mel, laughter.mel(manager, golden("audio2.f32")).toFloatArray(), 1e-4f);
        NDArray encoded = laughter.encoded(manager, manager.create(mel, new Shape(80, 800)));
        assertEquals(new Shape(400, 384), encoded.getShape());
        assertArrayEquals(golden("encoder_out.f32"), encoded.toFloatArray(), 1e-3f);
    }

    @Test
    void aShortAndALongSoundHaveAScore() {
        Kernels.recordGradients(false);
        Laughter laughter = new Laughter(manager, kernels, folder());
        for (int samples : new int[] {1, 639, 64_000, 200_000}) {
            assertTrue(Double.isFinite(laughter.score(new float[samples])));
        }
    }

    @Test
    void aFolderWithoutTheWeightsIsNamed(@TempDir Path empty) {
        String message = assertThrows(UncheckedIOException.class, () -> new Laughter(manager, kernels, empty))
                .getMessage();
        assertTrue(message.contains(empty.resolve(Laughter.ENCODER).toString()), message);
    }
}
