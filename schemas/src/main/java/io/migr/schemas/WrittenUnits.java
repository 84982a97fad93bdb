package io.migr.schemas;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.apache.avro.Schema.Type;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.ResolvingDecoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Reads times in the units in which they were written. Avro itself ignores a writer's logical types: it takes
 * microseconds, or days, for milliseconds. All times of migr are milliseconds; microseconds and nanoseconds are converted,
 * and what is no point in time is refused.
 */
final class WrittenUnits {
    /** A property of a time in a reader's schema: how many of the writer's units make a millisecond. */
    private static final String PER_MILLI = "migr.perMilli";

    private static final String MILLIS = "timestamp-millis";

    private WrittenUnits() {}

    /**
     * The reader's schema, with the unit of each time that the writer wrote in another one.
     *
     * @return {@code reader} itself if there is none
     * @throws SerializationException if a value cannot be read as what the reader needs; the message names its field
     */
    static Schema fit(Schema writer, Schema reader) {
        return fit(writer, reader, reader.getName());
    }

    private static Schema fit(Schema writer, Schema reader, String field) {
        return switch (reader.getType()) {
            case RECORD -> record(writer, reader);
            case UNION -> union(writer, reader, field);
            case ARRAY -> {
                Schema written = branch(writer, Type.ARRAY);
                Schema items = written == null
                        ? reader.getElementType()
                        : fit(written.getElementType(), reader.getElementType(), field);
                yield items == reader.getElementType() ? reader : Schema.createArray(items);
            }
            case INT, LONG -> number(writer, reader, field);
            default -> reader;
        };
    }

    private static Schema record(Schema writer, Schema reader) {
        Schema written = branch(writer, Type.RECORD);
        List<Field> fields = new ArrayList<>();
        boolean same = true;
        for (Field field : reader.getFields()) {
            Field other = written == null ? null : written.getField(field.name());
            Schema fitting = other == null ? field.schema() : fit(other.schema(), field.schema(), field.name());
            same &= fitting == field.schema();
            fields.add(new Field(field, fitting));
        }
        return same
                ? reader
                : Schema.createRecord(reader.getName(), reader.getDoc(), reader.getNamespace(), false, fields);
    }

    private static Schema union(Schema writer, Schema reader, String field) {
        List<Schema> branches = reader.getTypes().stream()
                .map(branch -> fit(writer, branch, field))
                .toList();
        for (int i = 0; i < branches.size(); i++) {
            if (branches.get(i) != reader.getTypes().get(i)) {
                return Schema.createUnion(branches);
            }
        }
        return reader;
    }

    private static Schema number(Schema writer, Schema reader, String field) {
        Schema written = branch(writer, Type.LONG) == null ? branch(writer, Type.INT) : branch(writer, Type.LONG);
        LogicalType unit = written == null ? null : written.getLogicalType();
        if (unit == null) {
            return reader;
        }
        boolean time = reader.getLogicalType() != null;
        if (time ? unit.getName().equals(MILLIS) : unit.getName().endsWith("-millis")) {
            return reader;
        }
        int perMilli =
                switch (unit.getName()) {
                    case "timestamp-micros" -> 1_000;
                    case "timestamp-nanos" -> 1_000_000;
                    default -> 0;
                };
        if (!time || perMilli == 0) {
            throw new SerializationException(
                    "The field " + field + " was written as " + unit.getName() + ", but it must be "
                            + (time
                                    ? "a point in time: timestamp-millis, timestamp-micros, timestamp-nanos, or a long with the"
                                            + " milliseconds since 1970 UTC."
                                    : "a plain number of its unit, which is milliseconds if it is a time."));
        }
        Schema fitting = LogicalTypes.timestampMillis().addToSchema(Schema.create(Type.LONG));
        fitting.addProp(PER_MILLI, perMilli);
        return fitting;
    }

    /** The schema itself or the branch of a union that has this type; null if there is none. */
    private static Schema branch(Schema schema, Type type) {
        if (schema.getType() == Type.UNION) {
            return schema.getTypes().stream()
                    .filter(one -> one.getType() == type)
                    .findFirst()
                    .orElse(null);
        }
        return schema.getType() == type ? schema : null;
    }

    /** A reader of records for a schema that {@link #fit} changed. */
    static <T> DatumReader<T> reader(Schema writer, Schema fitting) {
        SpecificData data = new SpecificData();
        data.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        data.setFastReaderEnabled(false); // it does not call the method below
        return new SpecificDatumReader<T>(writer, fitting, data) {
            @Override
            protected Object readWithoutConversion(Object old, Schema expected, ResolvingDecoder in)
                    throws IOException {
                Object value = super.readWithoutConversion(old, expected, in);
                return expected.getObjectProp(PER_MILLI) instanceof Integer perMilli
                        ? Math.floorDiv((long) value, (long) perMilli)
                        : value;
            }
        };
    }
}
