package io.migr.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

final class AvroSerdeTest {
    private static final ClipSegment CLIP = ClipSegment.newBuilder()
            .setClip(new ClipId("call-12", "ann", 7L))
            .setStartMs(28_000)
            .setDurationMs(4_000)
            .setCapturedAt(Instant.ofEpochMilli(1_700_000_000_123L))
            .setMediaType("video/mp4")
            .setMedia(ByteBuffer.wrap(new byte[] {1, 2, 3}))
            .setConsent(Consent.GRANTED)
            .build();
    private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
    private final AvroSerde<ClipSegment> serde = AvroSerde.of(ClipSegment.class, registry);

    @Test
    void roundTripsInConfluentWireFormat() {
        registry.register("other", EmotionTimeline.getClassSchema());
        byte[] bytes = serde.serializer().serialize("migr.clips", CLIP);
        assertArrayEquals(new byte[] {0, 0, 0, 0, 2}, Arrays.copyOf(bytes, 5));
        assertEquals(CLIP, serde.deserializer().deserialize("migr.clips", bytes));
        assertNull(serde.serializer().serialize("migr.clips", null));
        assertNull(serde.deserializer().deserialize("migr.clips", null));
    }

    @Test
    void damagedBytesThrowNothingButSerializationException() {
        byte[] good = serde.serializer().serialize("migr.clips", CLIP);
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = i % 2 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int k = 0; i % 2 == 1 && k < 3; k++) {
                bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt();
            }
            try {
                serde.deserializer().deserialize("migr.clips", bytes);
            } catch (SerializationException expected) {
                assertTrue(expected.getMessage() != null, "seed " + seed + " case " + i);
            }
        }
        SerializationException error = assertThrows(SerializationException.class, () -> serde.deserializer()
                .deserialize("migr.clips", "hello".getBytes(StandardCharsets.UTF_8)));
        assertTrue(error.getMessage().contains("wire format"), error.getMessage());
    }

    @Test
    void speaksTheRegistryProtocol() throws IOException {
        List<String> calls = new ArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            boolean refused = exchange.getRequestURI().getPath().contains("refused");
            byte[] answer = (refused ? "{\"error_code\":409,\"message\":\"not compatible\"}" : "{\"id\":41}")
                    .getBytes(StandardCharsets.UTF_8);
            assertTrue(body.startsWith("{\"schema\":"), body);
            exchange.sendResponseHeaders(refused ? 409 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            HttpSchemaRegistry http = new HttpSchemaRegistry(url + "/", "user:secret");
            assertEquals(41, http.register("migr.clips-value", ClipSegment.getClassSchema()));
            assertEquals(41, http.register("migr.clips-value", ClipSegment.getClassSchema()));
            assertEquals(List.of("POST /subjects/migr.clips-value/versions Basic dXNlcjpzZWNyZXQ="), calls);
            SchemaRegistryException refused = assertThrows(
                    SchemaRegistryException.class, () -> http.register("refused", ClipSegment.getClassSchema()));
            assertTrue(
                    refused.getMessage().contains("409") && refused.getMessage().contains("not compatible"));
        } finally {
            server.stop(0);
        }
        SchemaRegistryUnavailableException unreachable =
                assertThrows(SchemaRegistryUnavailableException.class, () -> new HttpSchemaRegistry(
                                RegistryAccess.to("http://127.0.0.1:1").withPatience(Duration.ZERO))
                        .byId(1));
        assertTrue(unreachable.getMessage().contains("schema.registry.url"), unreachable.getMessage());
    }

    @Test
    void clipNamesAreCheckedAndRoundTrip() {
        assertEquals("call-12/ann/7", ClipKey.name(CLIP.getClip()));
        assertEquals(CLIP.getClip(), ClipKey.parse("call-12/ann/7"));
        for (String bad : List.of("", "a/b", "a/b/-1", "a/b/c", "/b/1", "a//1", "a/b/1/2")) {
            assertThrows(IllegalArgumentException.class, () -> ClipKey.parse(bad), bad);
        }
    }
}
