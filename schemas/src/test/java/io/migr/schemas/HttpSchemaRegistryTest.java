package io.migr.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.schemas.RegistryStandIn.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpSchemaRegistryTest {
    private static final String GOOD = "{\"type\":\"record\",\"name\":\"R\",\"fields\":[]}";
    private static final Schema OURS = ClipSegment.getClassSchema();

    private RegistryStandIn server;
    private HttpSchemaRegistry registry;

    @BeforeEach
    void start() throws IOException {
        server = new RegistryStandIn();
        registry = registry(server.url());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static HttpSchemaRegistry registry(String urls) {
        return new HttpSchemaRegistry(RegistryAccess.to(urls).withPatience(Duration.ofMillis(600)));
    }

    @Test
    void schemasWithReferencesAreRead() {
        server.subject("ids", "{\"type\":\"record\",\"name\":\"n.Id\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}");
        server.subject(
                "pair",
                "{\"type\":\"record\",\"name\":\"n.Pair\",\"fields\":[{\"name\":\"one\",\"type\":\"n.Id\"}]}",
                "n.Id:ids:1");
        server.schema(
                7,
                null,
                "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"p\",\"type\":\"n.Pair\"},"
                        + "{\"name\":\"q\",\"type\":\"n.Id\"}]}",
                "n.Pair:pair:1",
                "n.Id:ids:1");
        Schema read = registry.byId(7);
        assertEquals("n.Id", read.getField("q").schema().getFullName());
        assertEquals(
                read.getField("q").schema(),
                read.getField("p").schema().getField("one").schema());
        assertEquals(3, server.calls.size(), "each is asked for once: " + server.calls);
    }

    @Test
    void whatOtherWritersMayWriteIsRead() {
        server.schema(
                1,
                "AVRO",
                "{\"type\":\"record\",\"name\":\"my-record\",\"fields\":["
                        + "{\"name\":\"other-branch\",\"type\":[\"null\",\"string\"],\"default\":\"x\"},"
                        + "{\"name\":\"null_last\",\"type\":[\"string\",\"null\"],\"default\":null},"
                        + "{\"name\":\"wrong\",\"type\":\"int\",\"default\":\"none\"}]}");
        assertEquals(3, registry.byId(1).getFields().size());
    }

    @Test
    void answersAboutTheSchemaAreFinal() {
        server.schema(1, "PROTOBUF", "syntax = \"proto3\"; message Clip {}");
        server.schema(2, "JSON", "{\"type\":\"string\"}");
        server.schema(3, null, "{\"type\":\"record\"");
        server.schema(
                4, null, "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"x\",\"type\":\"n.Gone\"}]}");
        server.schema(5, null, GOOD, "n.Gone:gone:1");
        Map<Integer, String> reasons = Map.of(
                1, "PROTOBUF",
                2, "JSON",
                3, "not a valid Avro schema",
                4, "n.Gone",
                5, "/subjects/gone/versions/1",
                6, "Schema not found",
                -7, "negative");
        reasons.forEach((id, word) -> {
            for (int time = 0; time < 2; time++) {
                SchemaRegistryException e =
                        assertThrows(SchemaRegistryException.class, () -> registry.byId(id), "schema " + id);
                assertTrue(e.getMessage().contains(word), e.getMessage());
            }
        });
        assertEquals(0, registry.failures());
        assertTrue(registry.problem().isEmpty());
    }

    @Test
    void allOtherAnswersAreAskedForAgain() {
        server.schema(1, null, GOOD);
        List<Answer> others = List.of(
                new Answer(429, "{\"error_code\":429,\"message\":\"slow down\"}"),
                new Answer(408, ""),
                new Answer(401, "{\"error_code\":40101,\"message\":\"who are you\"}"),
                new Answer(403, "{\"error_code\":40301,\"message\":\"not you\"}"),
                new Answer(404, "<html>no such page</html>"),
                new Answer(404, "{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}"),
                new Answer(422, "{\"error_code\":42205,\"message\":\"in read-only mode\"}"),
                new Answer(409, "<html>conflict</html>"),
                new Answer(302, ""),
                new Answer(500, "{\"error_code\":50001,\"message\":\"store\"}"),
                new Answer(503, "<html>away</html>"),
                new Answer(200, "<html>please log in</html>"),
                new Answer(200, ""),
                new Answer(200, "{}"));
        for (Answer other : others) {
            HttpSchemaRegistry asking = registry(server.url());
            server.first.add(other);
            assertEquals("R", asking.byId(1).getName(), other.toString());
            assertEquals(1, asking.failures(), other.toString());
            assertTrue(asking.problem().isEmpty(), "it has answered since");
        }
        server.answers.put("/schemas/ids/1", new Answer(403, "{\"error_code\":40301,\"message\":\"not you\"}"));
        SchemaRegistryUnavailableException e =
                assertThrows(SchemaRegistryUnavailableException.class, () -> registry.byId(1));
        assertTrue(e.getMessage().contains("403") && e.getMessage().contains("not you"), e.getMessage());
        assertTrue(e.getMessage().contains("schema.registry.register=off"), e.getMessage());
        assertEquals(e.getMessage(), registry.problem().orElseThrow());
        assertTrue(registry.failures() >= 3, "repeated with pauses: " + registry.failures());
    }

    @Test
    void theNextAddressIsAskedWhenOneIsAway() throws IOException {
        server.schema(1, null, GOOD);
        server.schema(2, null, GOOD);
        try (RegistryStandIn second = new RegistryStandIn()) {
            second.schema(1, null, GOOD);
            second.schema(2, null, GOOD);
            second.schema(3, null, GOOD);
            HttpSchemaRegistry both = registry("http://127.0.0.1:1, " + second.url() + "/ ," + server.url());
            assertEquals("R", both.byId(1).getName());
            assertEquals("R", both.byId(2).getName());
            assertEquals(1, both.failures(), "the one that answered is asked first");
            assertEquals(List.of(), server.calls);
        }
        assertThrows(IllegalArgumentException.class, () -> RegistryAccess.to("registry:8081"));
        assertThrows(IllegalArgumentException.class, () -> RegistryAccess.to("http://a:1,,http://b:1"));
        IllegalArgumentException secret =
                assertThrows(IllegalArgumentException.class, () -> RegistryAccess.to("http://me:secret@a:1"));
        assertFalse(secret.getMessage().contains("secret"), secret.getMessage());
    }

    @Test
    void whoMayNotRegisterLooksUp() {
        HttpSchemaRegistry reading = new HttpSchemaRegistry(
                RegistryAccess.to(server.url()).withToken("abc").readOnly());
        server.answers.put(
                "/subjects/a b-value", new Answer(200, "{\"subject\":\"a b-value\",\"version\":1,\"id\":5}"));
        assertEquals(5, reading.register("a b-value", OURS));
        assertEquals(List.of("POST /subjects/a%20b-value Bearer abc"), server.calls);
        assertThrows(SchemaRegistryException.class, () -> reading.register("other-value", OURS));
    }

    @Test
    void aPrivateAuthorityIsTrusted(@TempDir Path folder) throws Exception {
        Path store = folder.resolve("server.p12");
        Path pem = folder.resolve("authority.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "secret");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "a",
                "-keystore",
                store.toString(),
                "-storepass",
                "secret",
                "-file",
                pem.toString());
        KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        try (RegistryStandIn secure = RegistryStandIn.secure(context)) {
            secure.schema(1, null, GOOD);
            RegistryAccess access = RegistryAccess.to("https://127.0.0.1:" + secure.port());
            for (RegistryAccess trusting : List.of(access.trusting(pem, ""), access.trusting(store, "secret"))) {
                assertEquals("R", new HttpSchemaRegistry(trusting).byId(1).getName());
            }
            assertThrows(
                    SchemaRegistryUnavailableException.class,
                    () -> new HttpSchemaRegistry(access.withPatience(Duration.ZERO)).byId(1));
            IOException wrong = assertThrows(IOException.class, () -> access.trusting(store, "wrong"));
            assertTrue(wrong.getMessage().contains(store.toString()), wrong.getMessage());
            Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
            assertThrows(IOException.class, () -> access.trusting(empty, ""));
        }
        assertEquals(
                List.of(URI.create("http://a:1")),
                RegistryAccess.to("http://a:1/").urls());
    }

    private static void keytool(String... words) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(words));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }
}
