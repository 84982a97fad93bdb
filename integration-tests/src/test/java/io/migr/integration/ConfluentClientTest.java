package io.migr.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.integration.ConfluentClient.Refused;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.HttpSchemaRegistry;
import java.util.Collection;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;

/** Runs Confluent's own client for Java against the embedded registry. */
@Tag("slow")
@ExtendWith(SharedBroker.class)
class ConfluentClientTest {
    private static final String ONE = record("{\"name\":\"a\",\"type\":\"int\"}");
    private static final String TWO =
            record("{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"b\",\"type\":\"int\",\"default\":0}");
    private static final String BAD = record("{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"c\",\"type\":\"int\"}");

    private ConfluentClient client;
    private String url;

    private static String record(String fields) {
        return "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + fields + "]}";
    }

    @BeforeEach
    void connect(Broker broker) throws Exception {
        url = broker.registryUrl();
        client = new ConfluentClient(url);
    }

    @Test
    void findsWhatItHasRegistered() throws Exception {
        int one = (int) client.call("register", "java/one-value", client.schema(ONE));
        int two = (int) client.call("register", "java/one-value", client.schema(TWO));
        assertNotEquals(one, two);
        ConfluentClient other = new ConfluentClient(url); // the first client has cached everything
        assertEquals(ONE, canonical(other.call("getSchemaById", one)));
        assertEquals(TWO, canonical(other.call("getSchemaBySubjectAndId", "java/one-value", two)));
        assertEquals(one, other.call("getId", "java/one-value", other.schema(ONE)));
        assertEquals(2, other.call("getVersion", "java/one-value", other.schema(TWO)));
        Object latest = other.call("getLatestSchemaMetadata", "java/one-value");
        assertEquals(two, ConfluentClient.on(latest, "getId"));
        assertEquals(2, ConfluentClient.on(latest, "getVersion"));
        assertEquals(TWO, ConfluentClient.on(latest, "getSchema"));
        Object first = other.call("getSchemaMetadata", "java/one-value", 1);
        assertEquals(ONE, ConfluentClient.on(first, "getSchema"));
        assertEquals(List.of(1, 2), other.call("getAllVersions", "java/one-value"));
        assertTrue(((Collection<?>) other.call("getAllSubjects")).contains("java/one-value"));
        assertTrue(((Collection<?>) other.call("getAllSubjectsById", one)).contains("java/one-value"));
        assertEquals("READWRITE", other.call("getMode"));
    }

    private static String canonical(Object schema) throws Refused {
        return (String) ConfluentClient.on(schema, "canonicalString");
    }

    @Test
    void readsSchemasRegisteredByOurClient() throws Exception {
        Schema schema = EmotionPrediction.getClassSchema();
        int id = new HttpSchemaRegistry(url, null).register("java-ours-value", schema);
        assertEquals(schema, new Schema.Parser().parse(canonical(client.call("getSchemaById", id))));
        assertEquals(id, client.call("register", "java-ours-value", client.schema(schema.toString())));
        assertEquals(List.of(1), client.call("getAllVersions", "java-ours-value"));
    }

    @Test
    void checksAndSetsCompatibility() throws Exception {
        client.call("register", "java-fit", client.schema(ONE));
        assertEquals(true, client.call("testCompatibility", "java-fit", client.schema(TWO)));
        assertEquals(false, client.call("testCompatibility", "java-fit", client.schema(BAD)));
        assertEquals(true, client.call("testCompatibility", "java-new", client.schema(BAD)));
        List<?> why = (List<?>) client.call("testCompatibilityVerbose", "java-fit", client.schema(BAD));
        assertTrue(why.toString().contains("READER_FIELD_MISSING_DEFAULT_VALUE"), why.toString());
        refused(404, 40408, () -> client.call("getCompatibility", "java-fit"));
        assertEquals("NONE", client.call("updateCompatibility", "java-fit", "NONE"));
        assertEquals("NONE", client.call("getCompatibility", "java-fit"));
        client.call("register", "java-fit", client.schema(BAD));
        client.call("deleteCompatibility", "java-fit");
        refused(404, 40408, () -> client.call("getCompatibility", "java-fit"));
    }

    @Test
    void isRefusedWithConfluentsErrorCodes() throws Exception {
        client.call("register", "java-errors", client.schema(ONE));
        refused(409, 409, () -> client.call("register", "java-errors", client.schema(BAD)));
        refused(404, 40401, () -> client.call("getLatestSchemaMetadata", "java-none"));
        refused(404, 40401, () -> client.call("getAllVersions", "java-none"));
        refused(404, 40402, () -> client.call("getSchemaMetadata", "java-errors", 9));
        refused(404, 40403, () -> client.call("getSchemaById", 999_999));
        refused(404, 40403, () -> client.call("getVersion", "java-errors", client.schema(TWO)));
        refused(422, 42203, () -> client.call("updateCompatibility", "java-errors", "SOME"));
    }

    private static void refused(int status, int code, Executable call) {
        Refused e = assertThrows(Refused.class, call);
        assertEquals(List.of(status, code), List.of(e.status, e.code), e.getMessage());
    }

    @Test
    void deletedSchemasAreStillReadById() throws Exception {
        int one = (int) client.call("register", "java-gone", client.schema(ONE));
        client.call("register", "java-gone", client.schema(TWO));
        assertEquals(1, client.call("deleteSchemaVersion", "java-gone", "1"));
        assertEquals(List.of(2), client.call("getAllVersions", "java-gone"));
        assertEquals(List.of(1, 2), client.call("getAllVersions", "java-gone", true));
        assertEquals(List.of(2), client.call("deleteSubject", "java-gone"));
        refused(404, 40401, () -> client.call("getAllVersions", "java-gone"));
        ConfluentClient other = new ConfluentClient(url);
        assertEquals(ONE, canonical(other.call("getSchemaById", one)));
    }
}
