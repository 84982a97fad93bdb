package io.migr.schemas;

import java.util.List;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/** What Avro must be told once in a process before any serde, ours or a user's, reads records of this package. */
public final class AvroSafety {
    static {
        // a damaged length must not make Avro ask for gigabytes
        for (String limit : List.of("bytes.maxLength", "string.maxLength", "collectionItems.maxLength")) {
            String property = "org.apache.avro.limits." + limit;
            System.setProperty(property, System.getProperty(property, String.valueOf(Topic.MAX_MESSAGE_BYTES)));
        }
        // Avro builds only classes it was told to trust; ours are added to whatever the program trusts already
        ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
        String ours = AvroSafety.class.getPackageName();
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(before, candidate -> ours.equals(candidate.getPackageName())));
    }

    private AvroSafety() {}

    /** Sets the limits and the trust; once is enough, more do no harm. */
    public static void set() {
        // the static block has run
    }
}
