package io.migr.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All calls that known clients make, with the parameters they add. */
class RegistryProtocolTest {
    private static final String ONE = record("{\"name\":\"a\",\"type\":\"int\"}");
    private static final String TWO =
            record("{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"b\",\"type\":\"int\",\"default\":0}");
    private static final String BAD = record("{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"c\",\"type\":\"int\"}");

    @TempDir
    private static Path data;

    private static EmbeddedKafka kafka;
    private static EmbeddedRegistry registry;
    private static String url;

    private final RegistryCalls http = new RegistryCalls();

    private static String record(String fields) {
        return "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + fields + "]}";
    }

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(0, data);
        registry = EmbeddedRegistry.start(0, kafka.bootstrapServers());
        url = registry.url();
    }

    @AfterAll
    static void stop() {
        registry.close();
        kafka.close();
    }

    private int register(String subject, String schema) throws Exception {
        return http.post(url + "/subjects/" + subject + "/versions?normalize=false", schema, 200)
                .path("id")
                .asInt();
    }

    @Test
    void lookUpsIgnoreParametersTheyDoNotKnow() throws Exception {
        int id = register("look-value", ONE);
        String subject = url + "/subjects/look-value";
        assertEquals(
                ONE,
                http.get(url + "/schemas/ids/" + id + "?fetchMaxId=false&subject=&new=1", 200)
                        .path("schema")
                        .asText());
        assertEquals(
                ONE,
                http.get(subject + "/versions/1?deleted=false", 200)
                        .path("schema")
                        .asText());
        assertEquals(
                "R", http.get(subject + "/versions/-1/schema", 200).path("name").asText());
        assertEquals(
                "R",
                http.get(url + "/schemas/ids/" + id + "/schema", 200)
                        .path("name")
                        .asText());
        assertEquals(
                "[1]",
                http.get(subject + "/versions?deleted=false&deletedOnly=false", 200)
                        .toString());
        JsonNode found = http.post(subject + "?normalize=false&deleted=true", ONE, 200);
        assertEquals(
                List.of("look-value", 1, id),
                List.of(
                        found.path("subject").asText(),
                        found.path("version").asInt(),
                        found.path("id").asInt()));
        assertTrue(http.get(url + "/schemas/ids/" + id + "/subjects", 200)
                .toString()
                .contains("\"look-value\""));
        assertTrue(http.get(url + "/schemas/ids/" + id + "/versions", 200)
                .toString()
                .contains("{\"subject\":\"look-value\",\"version\":1}"));
        assertTrue(
                http.get(url + "/subjects?subjectPrefix=look", 200).toString().contains("\"look-value\""));
        assertEquals("[\"AVRO\"]", http.get(url + "/schemas/types", 200).toString());
        assertEquals("READWRITE", http.get(url + "/mode", 200).path("mode").asText());
        assertEquals(0, http.get(url + "/", 200).size());
    }

    @Test
    void errorsHaveConfluentsNumbers() throws Exception {
        register("errors", ONE);
        String subject = url + "/subjects/errors";
        String two = "{\"schemaType\":\"AVRO\",\"schema\":\"\\\"int\\\"\"}";
        assertEquals(40401, http.code("GET", url + "/subjects/none/versions", "", 404));
        assertEquals(40401, http.code("GET", url + "/subjects/none/versions/1", "", 404));
        assertEquals(40401, http.code("POST", url + "/subjects/none", two, 404));
        assertEquals(40402, http.code("GET", subject + "/versions/7", "", 404));
        assertEquals(40403, http.code("POST", subject, two, 404));
        assertEquals(40403, http.code("GET", url + "/schemas/ids/12345?subject=errors", "", 404));
        assertEquals(40408, http.code("GET", url + "/config/errors", "", 404));
        assertEquals(409, http.code("POST", subject + "/versions", two, 409));
        assertEquals(42202, http.code("GET", subject + "/versions/newest", "", 422));
        assertEquals(42203, http.code("PUT", url + "/config/errors", "{\"compatibility\":\"SOME\"}", 422));
        for (String invalid : List.of(
                "",
                "{",
                "{}",
                "[]",
                "{\"schema\":\"no schema\"}",
                "{\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax\"}",
                // the default is not an int, which Avro reports differently from a syntax error
                "{\"schema\":\""
                        + record("{\"name\":\"a\",\"type\":\"int\",\"default\":\"x\"}")
                                .replace("\"", "\\\"") + "\"}")) {
            assertEquals(42201, http.code("POST", subject + "/versions", invalid, 422), invalid);
        }
        assertEquals(413, http.code("POST", subject + "/versions", "x".repeat((1 << 20) + 1), 413));
    }

    /** Newer clients request these and carry on if they are absent. */
    @Test
    void unsupportedPathsAreNotFound() throws Exception {
        register("absent", ONE);
        for (String path : List.of(
                "/associations/resources/-/t?resourceType=topic&associationType=value",
                "/schemas/guids/2f0a",
                "/subjects/absent/metadata?key=a",
                "/contexts",
                "/subjects/absent/versions/1/referencedby")) {
            assertEquals(404, http.code("GET", url + path, "", 404), path);
        }
        assertEquals(404, http.code("POST", url + "/subjects/absent/version", ONE, 404));
    }

    @Test
    void aSubjectCanBeAnyText() throws Exception {
        for (String subject :
                List.of("a/b/c-value", "versions", "subjects", "a+b c", "s[1]", "Grüße 日本", "100%", ":.x:y")) {
            String encoded = URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
            int id = register(encoded, ONE);
            JsonNode latest = http.get(url + "/subjects/" + encoded + "/versions/latest", 200);
            assertEquals(subject, latest.path("subject").asText());
            assertEquals(id, latest.path("id").asInt());
            http.send("PUT", url + "/config/" + encoded, "{\"compatibility\":\"FULL\"}", 200);
            assertEquals(
                    "FULL",
                    http.get(url + "/config/" + encoded, 200)
                            .path("compatibilityLevel")
                            .asText());
        }
    }

    @Test
    void theLevelDecidesWhichSchemasMayBeAdded() throws Exception {
        String level = url + "/config/levels";
        register("levels", ONE);
        assertEquals(
                "BACKWARD_TRANSITIVE",
                http.get(level + "?defaultToGlobal=true", 200)
                        .path("compatibilityLevel")
                        .asText());
        assertEquals(
                "BACKWARD",
                http.send("PUT", level, "{\"compatibility\":\"BACKWARD\"}", 200)
                        .path("compatibility")
                        .asText());
        assertEquals("BACKWARD", http.get(level, 200).path("compatibilityLevel").asText());
        http.post(url + "/subjects/levels/versions", BAD, 409);
        http.send("PUT", level, "{\"compatibility\":\"NONE\"}", 200);
        register("levels", BAD);
        assertEquals("NONE", http.delete(level, 200).path("compatibilityLevel").asText());
        assertEquals(40408, http.code("GET", level, "", 404));
        assertEquals(40401, http.code("DELETE", level, "", 404));
    }

    @Test
    void compatibilityIsCheckedWithoutRegistering() throws Exception {
        register("asked", ONE);
        String of = url + "/compatibility/subjects/asked/versions";
        assertTrue(fits(of + "/latest?normalize=false&verbose=true", TWO));
        assertTrue(fits(of + "/1", TWO) && fits(of, TWO));
        assertFalse(fits(of + "/latest", BAD) || fits(of + "/1", BAD) || fits(of, BAD));
        JsonNode verbose = http.post(of + "/latest?verbose=true", BAD, 200);
        assertTrue(verbose.path("messages").path(0).asText().contains("READER_FIELD_MISSING_DEFAULT_VALUE"));
        assertEquals("[1]", http.get(url + "/subjects/asked/versions", 200).toString());
        assertTrue(fits(url + "/compatibility/subjects/new/versions/latest", BAD), "any schema may be the first");
        http.post(of + "/9", TWO, 404);
    }

    private boolean fits(String at, String schema) throws Exception {
        return http.post(at, schema, 200).path("is_compatible").asBoolean();
    }

    @Test
    void deletedVersionsAreHiddenAndTheirIdsStayValid() throws Exception {
        int one = register("deleted", ONE);
        int two = register("deleted", TWO);
        String subject = url + "/subjects/deleted";
        assertEquals("1", http.delete(subject + "/versions/1", 200).toString());
        assertEquals(40406, http.code("DELETE", subject + "/versions/1", "", 404));
        assertEquals("[2]", http.get(subject + "/versions", 200).toString());
        assertEquals("[1,2]", http.get(subject + "/versions?deleted=true", 200).toString());
        assertEquals(40402, http.code("GET", subject + "/versions/1", "", 404));
        assertEquals(
                ONE, http.get(url + "/schemas/ids/" + one, 200).path("schema").asText());
        http.post(subject, ONE, 404);
        assertEquals(
                1,
                http.post(subject + "?deleted=true", ONE, 200).path("version").asInt());

        assertEquals("[2]", http.delete(subject + "?permanent=false", 200).toString());
        assertEquals(40404, http.code("DELETE", subject, "", 404));
        assertEquals(40401, http.code("DELETE", url + "/subjects/none", "", 404));
        assertFalse(http.get(url + "/subjects", 200).toString().contains("\"deleted\""));
        assertTrue(http.get(url + "/subjects?deleted=true", 200).toString().contains("\"deleted\""));
        assertEquals(42205, http.code("DELETE", subject + "?permanent=true", "", 422));

        assertNotEquals(one, two);
        assertEquals(two, register("deleted", TWO), "the same text always has the same id");
        assertEquals("[3]", http.get(subject + "/versions", 200).toString());
        assertEquals(
                3,
                http.post(subject + "?deleted=true", TWO, 200).path("version").asInt(),
                "the live version is preferred");
    }
}
