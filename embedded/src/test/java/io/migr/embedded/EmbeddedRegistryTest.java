package io.migr.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.HttpSchemaRegistry;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRegistryTest {
    private static final String ONE =
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}";
    private static final String TWO =
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},"
                    + "{\"name\":\"b\",\"type\":\"int\",\"default\":0}]}";
    private static final String BRACKETS = "/subjects/s%5B1%5D-value";

    private final RegistryCalls http = new RegistryCalls();

    @Test
    void keepsItsStateAcrossARestart(@TempDir Path data) throws Exception {
        int one;
        int ours;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(0, data);
                EmbeddedRegistry registry = EmbeddedRegistry.start(0, kafka.bootstrapServers())) {
            String url = registry.url();
            one = id(url + BRACKETS + "/versions", ONE);
            assertEquals(one, id(url + "/subjects/other/versions", ONE), "same text, same id");
            assertTrue(id(url + "/subjects/other/versions", TWO) > one);
            http.delete(url + "/subjects/other/versions/1", 200);
            http.send("PUT", url + "/config/other", "{\"compatibility\":\"BACKWARD\"}", 200);
            http.send("PUT", url + "/config/gone", "{\"compatibility\":\"FULL\"}", 200);
            http.delete(url + "/config/gone", 200);
            ours = new HttpSchemaRegistry(url, null).register("p-value", EmotionPrediction.getClassSchema());
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(0, data);
                EmbeddedRegistry registry = EmbeddedRegistry.start(0, kafka.bootstrapServers())) {
            String url = registry.url();
            assertEquals("[2]", http.get(url + "/subjects/other/versions", 200).toString());
            assertEquals(
                    TWO,
                    http.get(url + "/subjects/other/versions/latest", 200)
                            .path("schema")
                            .asText());
            assertEquals(
                    "BACKWARD",
                    http.get(url + "/config/other", 200)
                            .path("compatibilityLevel")
                            .asText());
            http.get(url + "/config/gone", 404);
            assertEquals(one, id(url + BRACKETS, ONE));
            assertTrue(id(url + "/subjects/third/versions", "\"int\"") > ours, "no id is assigned twice");
            assertEquals(EmotionPrediction.getClassSchema(), new HttpSchemaRegistry(url, null).byId(ours));
        }
    }

    @Test
    void aPortInUseIsNamed(@TempDir Path data) {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(0, data);
                EmbeddedRegistry registry = EmbeddedRegistry.start(0, kafka.bootstrapServers())) {
            int port = URI.create(registry.url()).getPort();
            EnvironmentException e =
                    assertThrows(EnvironmentException.class, () -> EmbeddedRegistry.start(port, "unused"));
            assertTrue(e.getMessage().contains("Port " + port + " is in use"), e.getMessage());
        }
    }

    private int id(String url, String schema) throws Exception {
        return http.post(url, schema, 200).path("id").asInt();
    }
}
