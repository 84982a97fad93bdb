package io.migr.schemas;

import java.util.List;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/** Configures Avro once per process, before any serde, built-in or the user's, reads records of this package. */
public final class AvroSafety {
    static {
        // a damaged length field must not make Avro allocate gigabytes
        for (String limit : List.of("bytes.maxLength", "string.maxLength", "collectionItems.maxLength")) {
            String property = "org.apache.avro.limits." + limit;
            System.setProperty(property, System.getProperty(property, String.valueOf(Topic.MAX_MESSAGE_BYTES)));
        }
        // Avro instantiates only trusted classes; this package is added to what the program already trusts
        ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
        String ours = AvroSafety.class.getPackageName();
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(before, candidate -> ours.equals(candidate.getPackageName())));
    }

    private AvroSafety() {}

    /** Sets size limits and trusted classes. Further calls do nothing. */
    public static void set() {
        // the static initializer has done the work
    }
}
