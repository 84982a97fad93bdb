package io.migr.worker;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;

/** Gives fields of a record odd values that its schema allows, at any depth. */
final class OddValues {
    private static final long[] NUMBERS = {0, 1, -1, 7, 1_000, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40};
    private static final double[] REALS = {
        0, -0.0, -1, 2, 1e30, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Float.MIN_VALUE
    };
    private static final String[] TEXTS = {"", " ", "a\nb", "\u001b[2J", "x".repeat(5_000), "ü€😀", "happy", "a/b"};
    private static final int[] LENGTHS = {0, 1, 3, 4, 40, 5_000};
    private static final int MANY = 300;

    private final Random random;

    OddValues(Random random) {
        this.random = random;
    }

    /** Changes one field, of a record inside this one more often than of its own. */
    void change(IndexedRecord record) {
        List<Schema.Field> fields = record.getSchema().getFields();
        List<Schema.Field> inner = fields.stream()
                .filter(field -> isInner(record.get(field.pos())))
                .toList();
        List<Schema.Field> chosen = inner.isEmpty() || random.nextInt(4) == 0 ? fields : inner;
        Schema.Field field = chosen.get(random.nextInt(chosen.size()));
        record.put(field.pos(), odd(field.schema(), record.get(field.pos())));
    }

    private static boolean isInner(Object value) {
        return value instanceof IndexedRecord
                || value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof IndexedRecord;
    }

    private Object odd(Schema schema, Object value) {
        if (schema.getType() == Schema.Type.UNION) {
            boolean keeps = value != null && random.nextInt(5) > 0;
            List<Schema> branches = schema.getTypes();
            boolean nullable = branches.stream().anyMatch(one -> one.getType() == Schema.Type.NULL);
            if (!keeps && nullable) {
                return null;
            }
            int branch = SpecificData.get().resolveUnion(schema, value);
            return value == null ? null : odd(branches.get(branch), value);
        }
        if (schema.getLogicalType() != null) {
            return Instant.ofEpochMilli(number());
        }
        return switch (schema.getType()) {
            case RECORD -> {
                change((IndexedRecord) value);
                yield value;
            }
            case ARRAY -> list(schema.getElementType(), (List<?>) value);
            case ENUM -> constant(value);
            case STRING -> TEXTS[random.nextInt(TEXTS.length)];
            case BYTES -> bytes((ByteBuffer) value);
            case INT -> (int) number();
            case LONG -> number();
            case FLOAT -> (float) real();
            case DOUBLE -> real();
            case BOOLEAN -> random.nextBoolean();
            default -> throw new IllegalArgumentException("No odd value of " + schema);
        };
    }

    private long number() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private double real() {
        return REALS[random.nextInt(REALS.length)];
    }

    private Object constant(Object value) {
        Object[] constants = value.getClass().getEnumConstants();
        return constants[random.nextInt(constants.length)];
    }

    private List<Object> list(Schema element, List<?> value) {
        List<Object> list = new ArrayList<>(value);
        if (list.isEmpty() || random.nextInt(4) == 0) {
            return List.of();
        }
        int i = random.nextInt(list.size());
        switch (random.nextInt(4)) {
            case 0 -> list.add(list.get(i));
            case 1 -> list.remove(i);
            case 2 -> {
                Object one = list.get(i);
                while (list.size() < MANY) {
                    list.add(one);
                }
            }
            default -> list.set(i, odd(element, list.get(i)));
        }
        return list;
    }

    private ByteBuffer bytes(ByteBuffer value) {
        if (random.nextBoolean() || !value.hasRemaining()) {
            byte[] noise = new byte[LENGTHS[random.nextInt(LENGTHS.length)]];
            random.nextBytes(noise);
            return ByteBuffer.wrap(noise);
        }
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        if (random.nextBoolean()) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            return ByteBuffer.wrap(bytes);
        }
        return ByteBuffer.wrap(bytes, 0, random.nextInt(bytes.length)).slice();
    }
}
