package io.migr.schemas;

import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/** Finds numbers in records that are none: NaN or infinite. */
public final class FiniteNumbers {
    private FiniteNumbers() {}

    /** The first float or double that is NaN or infinite at any depth, with its place: {@code voice.level.value=NaN}. */
    public static Optional<String> firstOther(IndexedRecord record) {
        for (Schema.Field field : record.getSchema().getFields()) {
            Optional<String> found = firstOther(field.name(), record.get(field.pos()));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> firstOther(String name, Object value) {
        if (value instanceof IndexedRecord inner) {
            return firstOther(inner).map(place -> name + "." + place);
        }
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                Optional<String> found = firstOther(name + "[" + i + "]", list.get(i));
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        }
        boolean other = value instanceof Float one && !Float.isFinite(one)
                || value instanceof Double two && !Double.isFinite(two);
        return other ? Optional.of(name + "=" + value) : Optional.empty();
    }
}
