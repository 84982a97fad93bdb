package io.migr.engine;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads and writes the safetensors format: 8-byte little-endian header length, JSON header, raw little-endian
 * data. DJL's own reader aborts the JVM on BF16 and holds a whole file in one array, so this one maps the file
 * and widens F16 and BF16 in Java.
 */
public final class SafeTensors {
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    private static final int HEADER_LIMIT = 100 << 20;

    /** Element types that can be read; F32, F16 and I64 can also be written. */
    public enum Type {
        F32(4),
        F16(2),
        BF16(2),
        I64(8),
        U8(1),
        I8(1);

        final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    /**
     * One tensor, its data still in file order.
     *
     * @param shape dimensions, row-major; empty for a scalar
     * @param data little-endian elements
     */
    public record Tensor(Type type, long[] shape, ByteBuffer data) {
        public static Tensor of(float[] values, long... shape) {
            ByteBuffer data = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
            data.asFloatBuffer().put(values);
            return new Tensor(Type.F32, shape, data);
        }

        /** Rounds to half precision, nearest with ties to even. */
        public static Tensor half(float[] values, long... shape) {
            ByteBuffer data = ByteBuffer.allocate(values.length * 2).order(ByteOrder.LITTLE_ENDIAN);
            for (float value : values) {
                data.putShort(Half.of(value));
            }
            return new Tensor(Type.F16, shape, data.flip());
        }

        public static Tensor of(long[] values, long... shape) {
            ByteBuffer data = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
            data.asLongBuffer().put(values);
            return new Tensor(Type.I64, shape, data);
        }

        /** Number of elements. */
        public int size() {
            long size = 1;
            for (long dimension : shape) {
                size = Math.multiplyExact(size, dimension);
            }
            return Math.toIntExact(size);
        }

        /** The elements as floats; F16 and BF16 are widened exactly. */
        public float[] floats() {
            float[] values = new float[size()];
            ByteBuffer source = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            switch (type) {
                case F32 -> source.asFloatBuffer().get(values);
                case F16 -> {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = Half.toFloat(source.getShort());
                    }
                }
                case BF16 -> {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = Float.intBitsToFloat(source.getShort() << 16);
                    }
                }
                case U8 -> {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = source.get() & 0xff;
                    }
                }
                case I8 -> {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = source.get();
                    }
                }
                case I64 -> throw new IllegalStateException("An I64 tensor holds no floats; read it with longs().");
            }
            return values;
        }

        /** The elements of an I64 tensor. */
        public long[] longs() {
            if (type != Type.I64) {
                throw new IllegalStateException("A " + type + " tensor holds no longs; read it with floats().");
            }
            long[] values = new long[size()];
            data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
            return values;
        }
    }

    private SafeTensors() {}

    /**
     * Reads a resource in the package of a class. Files are mapped, but a resource may be in a jar, so it is copied to a
     * temporary file first.
     *
     * @throws UncheckedIOException if there is no such resource, or it is damaged
     */
    public static Map<String, Tensor> readResource(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException("it is not among the resources of " + owner.getPackageName());
            }
            Path copy = Files.createTempFile("migr-", ".safetensors");
            try {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                return read(copy);
            } finally {
                Files.delete(copy);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The weights " + name + " could not be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a file, or all shards of a folder that has {@code model.safetensors.index.json} or {@code
     * model.safetensors}.
     *
     * @throws IOException if a file is missing or damaged; the message names the file and the problem
     */
    public static Map<String, Tensor> read(Path fileOrFolder) throws IOException {
        if (!Files.isDirectory(fileOrFolder)) {
            return readFile(fileOrFolder);
        }
        Path index = fileOrFolder.resolve("model.safetensors.index.json");
        if (!Files.exists(index)) {
            return readFile(fileOrFolder.resolve("model.safetensors"));
        }
        JsonNode shardOf = JSON.readTree(index.toFile()).path("weight_map");
        TreeSet<String> shards = new TreeSet<>();
        shardOf.forEach(shard -> shards.add(shard.asText()));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String shard : shards) {
            tensors.putAll(readFile(fileOrFolder.resolve(shard)));
        }
        TreeSet<String> absent = new TreeSet<>();
        shardOf.fieldNames().forEachRemaining(absent::add);
        absent.removeAll(tensors.keySet());
        if (!absent.isEmpty()) {
            throw new IOException(index + " lists tensors that its shards do not contain: " + absent);
        }
        return tensors;
    }

    private static Map<String, Tensor> readFile(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("There is no weights file " + file + ".");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            long length = channel.size();
            ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(prefix, 0);
            long header = prefix.position() < 8 ? -1 : prefix.getLong(0);
            if (header < 2 || header > HEADER_LIMIT || header > length - 8) {
                throw new IOException(file + " (" + length + " bytes) is damaged: its header would take " + header
                        + " bytes. Copy the file again.");
            }
            byte[] text = new byte[(int) header];
            channel.read(ByteBuffer.wrap(text), 8);
            return tensors(file, channel, JSON.readTree(new String(text, StandardCharsets.UTF_8)), 8 + header, length);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    file + " has a damaged header: " + e.getOriginalMessage() + ". Copy the file again.", e);
        }
    }

    private static Map<String, Tensor> tensors(Path file, FileChannel channel, JsonNode header, long start, long length)
            throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        List<Span> spans = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (field.getKey().equals("__metadata__")) {
                continue;
            }
            JsonNode entry = field.getValue();
            Type type;
            try {
                type = Type.valueOf(entry.path("dtype").asText());
            } catch (IllegalArgumentException e) {
                throw new IOException(
                        file + ": tensor " + field.getKey() + " has type "
                                + entry.path("dtype").asText() + "; F32, F16, BF16, I64, U8 and I8 can be read.",
                        e);
            }
            long[] shape = new long[entry.path("shape").size()];
            long size = type.bytes;
            for (int i = 0; i < shape.length; i++) {
                shape[i] = entry.path("shape").get(i).asLong(-1);
                size = shape[i] < 0 || size < 0 ? -1 : saturated(size, shape[i]);
            }
            long from = entry.path("data_offsets").path(0).asLong(-1);
            long to = entry.path("data_offsets").path(1).asLong(-1);
            if (from < 0 || size < 0 || to - from != size) {
                throw new IOException(file + ": tensor " + field.getKey() + " spans " + (to - from)
                        + " bytes, but its shape needs " + size + ". Copy the file again.");
            }
            if (start + to > length) {
                throw new IOException(file + " is cut off: tensor " + field.getKey() + " ends at byte " + (start + to)
                        + ", the file has " + length + ". Copy the file again.");
            }
            ByteBuffer data = channel.map(FileChannel.MapMode.READ_ONLY, start + from, size);
            tensors.put(field.getKey(), new Tensor(type, shape, data));
            spans.add(new Span(field.getKey(), from, to));
        }
        refuseGaps(file, spans, length - start);
        return tensors;
    }

    private static long saturated(long size, long dimension) {
        long high = Math.multiplyHigh(size, dimension);
        return high != 0 || size * dimension < 0 ? Long.MAX_VALUE : size * dimension;
    }

    /** Where a tensor lies in the data behind the header. */
    private record Span(String tensor, long from, long to) {}

    /** The format allows neither tensors that share bytes nor bytes that belong to none. */
    private static void refuseGaps(Path file, List<Span> spans, long bytes) throws IOException {
        spans.sort(Comparator.comparingLong(Span::from).thenComparingLong(Span::to));
        long end = 0;
        for (Span span : spans) {
            if (span.from() != end) {
                throw new IOException(file + ": tensor " + span.tensor() + " begins at byte " + span.from()
                        + " of the data, but what lies before it ends at byte " + end
                        + ". Write the file again: its tensors must follow each other without gap or overlap.");
            }
            end = span.to();
        }
        if (end != bytes) {
            throw new IOException(file + " has " + (bytes - end) + " bytes after its last tensor. Write it again:"
                    + " every byte must belong to a tensor.");
        }
    }

    /** Writes a file atomically: a temporary file in the same folder is written, synced and renamed to {@code file}. */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            // immutable maps have a different order in every JVM, and the same model has to give the same bytes
            header.set("__metadata__", JSON.valueToTree(new TreeMap<>(metadata)));
        }
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            ObjectNode node =
                    header.putObject(entry.getKey()).put("dtype", tensor.type().name());
            for (long dimension : tensor.shape()) {
                node.withArray("shape").add(dimension);
            }
            node.withArray("shape");
            long size = (long) tensor.size() * tensor.type().bytes;
            node.withArray("data_offsets").add(offset).add(offset + size);
            offset += size;
        }
        byte[] text = JSON.writeValueAsBytes(header);
        int padded = (text.length + 7) / 8 * 8;
        ByteBuffer head = ByteBuffer.allocate(8 + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(text);
        while (head.hasRemaining()) {
            head.put((byte) ' ');
        }
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            writeFully(channel, head.flip());
            for (Tensor tensor : tensors.values()) {
                writeFully(channel, tensor.data().duplicate());
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void writeFully(FileChannel channel, ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            channel.write(data);
        }
    }
}
