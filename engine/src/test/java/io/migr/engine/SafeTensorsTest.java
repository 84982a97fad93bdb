package io.migr.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.engine.SafeTensors.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafeTensorsTest {
    @TempDir
    Path folder;

    @Test
    void roundTripsEveryWrittenType() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("f", Tensor.of(new float[] {1.5f, -2f, Float.MIN_VALUE, 3e38f}, 2, 2));
        tensors.put("h", Tensor.half(new float[] {0.1f, -65504f, 6e-8f}, 3));
        tensors.put("i", Tensor.of(new long[] {-100, 1L << 40}, 2));
        tensors.put("scalar", Tensor.of(new float[] {7f}));
        Path file = folder.resolve("a.safetensors");
        SafeTensors.write(file, tensors, Map.of("note", "x"));
        Map<String, Tensor> read = SafeTensors.read(file);
        assertEquals(tensors.keySet(), read.keySet());
        assertArrayEquals(tensors.get("f").floats(), read.get("f").floats());
        assertArrayEquals(
                new float[] {0.099975586f, -65504f, 5.9604645E-8f},
                read.get("h").floats());
        assertArrayEquals(new long[] {-100, 1L << 40}, read.get("i").longs());
        assertArrayEquals(new long[0], read.get("scalar").shape());
        assertEquals(0, (Files.readAllBytes(file)[0] & 7), "the header is padded to 8 bytes");
    }

    @Test
    void widensBfloat16() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        data.putShort((short) 0x3fc0).putShort((short) 0xc000).flip();
        Path file = folder.resolve("b.safetensors");
        SafeTensors.write(file, Map.of("b", new Tensor(SafeTensors.Type.BF16, new long[] {2}, data)), Map.of());
        assertArrayEquals(
                new float[] {1.5f, -2f}, SafeTensors.read(file).get("b").floats());
    }

    @Test
    void bytesWithSignAreWidened() {
        Tensor bytes = new Tensor(SafeTensors.Type.I8, new long[] {3}, ByteBuffer.wrap(new byte[] {-128, -1, 127}));
        assertArrayEquals(new float[] {-128, -1, 127}, bytes.floats());
    }

    @Test
    void halvesRoundToNearestEven() {
        for (int bits = 0; bits < 0x10000; bits++) {
            float value = Half.toFloat((short) bits);
            if (!Float.isNaN(value)) {
                assertEquals((short) bits, Half.of(value), "bits " + bits);
            }
        }
        assertEquals(Half.of(2048f), Half.of(2049f));
        assertEquals(Half.of(2052f), Half.of(2051f));
        assertEquals(Float.POSITIVE_INFINITY, Half.toFloat(Half.of(70000f)));
    }

    @Test
    void aFileCutInHalfGivesOneClearError() throws IOException {
        Path file = folder.resolve("c.safetensors");
        SafeTensors.write(file, Map.of("w", Tensor.of(new float[1000], 1000)), Map.of());
        byte[] bytes = Files.readAllBytes(file);
        for (int keep : new int[] {0, 4, 20, bytes.length / 2, bytes.length - 1}) {
            Files.write(file, java.util.Arrays.copyOf(bytes, keep));
            IOException error = assertThrows(IOException.class, () -> SafeTensors.read(file));
            assertTrue(
                    error.getMessage().contains(file.toString())
                            && error.getMessage().contains("Copy the file again"),
                    error.getMessage());
        }
        Files.write(file, "not json, but long enough to have a header".getBytes());
        assertThrows(IOException.class, () -> SafeTensors.read(file));
    }

    /** Writes a file by hand: a header, then zeros. */
    private Path file(String header, int bytes) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer whole = ByteBuffer.allocate(8 + text.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
        whole.putLong(text.length).put(text);
        return Files.write(folder.resolve("d.safetensors"), whole.array());
    }

    private void assertRefused(String header, int bytes, String reason) throws IOException {
        Path file = file(header, bytes);
        IOException error = assertThrows(IOException.class, () -> SafeTensors.read(file));
        assertTrue(error.getMessage().contains(reason), error.getMessage());
        assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
    }

    @Test
    void tensorsThatOverlapOrLeaveBytesAreRefused() throws IOException {
        String a = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
        assertEquals(2, SafeTensors.read(file(a + "}", 8)).get("a").size());
        String b = ",\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":";
        assertRefused(a + b + "[4,8]}}", 8, "tensor b begins at byte 4 of the data, but what lies before it ends");
        assertRefused(a + b + "[12,16]}}", 16, "tensor b begins at byte 12");
        assertRefused(a + "}", 12, "has 4 bytes after its last tensor");
        assertRefused(a + ",\"a\":{}}", 8, "Duplicate");
        assertRefused("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2,-1],\"data_offsets\":[0,8]}}", 8, "but its shape needs");
        assertRefused(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,2],\"data_offsets\":[0,8]}}",
                8,
                "but its shape needs");
    }
}
