package io.migr.runtime.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.runtime.config.Configuration;
import io.migr.schemas.ClipId;
import io.migr.schemas.ClipSegment;
import io.migr.schemas.Consent;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

/** {@code serde.class}: values are written and read by a serde that the user supplies. */
class SerdeClassTest {
    private static final Map<String, String> CONFIGURED = Map.of(
            "serde.class", StandInSerde.class.getName(),
            "schema.registry.url", "http://registry:8081",
            "schema.registry.credentials", "user:secret",
            "kafka.bootstrap.servers", "broker:9092",
            "kafka.auto.register.schemas", "false");

    @Test
    void isConfiguredAsConfluentsSerdesExpect() {
        Serde<?> serde = new KafkaClients(Configuration.of(CONFIGURED)).serde(ClipSegment.class);
        Map<String, ?> settings = ((StandInSerde) serde).settings();
        Map<String, String> expected = Map.of(
                "schema.registry.url", "http://registry:8081",
                "specific.avro.reader", "true",
                "basic.auth.credentials.source", "USER_INFO",
                "basic.auth.user.info", "user:secret",
                "auto.register.schemas", "false");
        expected.forEach((name, value) -> assertEquals(value, settings.get(name), name));
    }

    /** Uses {@code serde.class} as each process does; run in a class loader that has loaded no other class before. */
    public static final class RoundTrip implements Callable<byte[]> {
        @Override
        public byte[] call() {
            Serde<ClipSegment> serde = new KafkaClients(Configuration.of(CONFIGURED)).serde(ClipSegment.class);
            ClipSegment clip = ClipSegment.newBuilder()
                    .setClip(new ClipId("call-12", "ann", 7L))
                    .setStartMs(28_000)
                    .setDurationMs(4_000)
                    .setCapturedAt(Instant.ofEpochMilli(1_700_000_000_123L))
                    .setMediaType("video/mp4")
                    .setMedia(ByteBuffer.wrap(new byte[] {1, 2, 3}))
                    .setConsent(Consent.GRANTED)
                    .build();
            byte[] bytes = serde.serializer().serialize("migr.clips", clip);
            assertEquals(clip, serde.deserializer().deserialize("migr.clips", bytes));
            return bytes;
        }
    }

    /** Avro instantiates only classes that the process has declared trusted, whichever serde asks for them. */
    @Test
    void readsRecordsInAProcessThatNeverUsesTheBuiltInSerde() throws Exception {
        List<URL> classPath = new ArrayList<>();
        for (String entry : System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .split(File.pathSeparator)) {
            classPath.add(url(entry));
        }
        ClassLoader platform = ClassLoader.getPlatformClassLoader();
        try (URLClassLoader fresh = new URLClassLoader(classPath.toArray(URL[]::new), platform)) {
            Callable<?> roundTrip = (Callable<?>) fresh.loadClass(RoundTrip.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            byte[] bytes = (byte[]) roundTrip.call();
            assertArrayEquals(new byte[] {0, 0, 0, 0, 1}, Arrays.copyOf(bytes, 5));
        }
    }

    private static URL url(String entry) throws MalformedURLException {
        return Path.of(entry).toUri().toURL();
    }

    @Test
    void theMessageNamesAMissingClass() {
        KafkaClients clients = new KafkaClients(Configuration.of(Map.of("serde.class", "no.Such")));
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> clients.serde(ClipSegment.class));
        assertTrue(e.getMessage().contains("serde.class no.Such"), e.getMessage());
    }

    @Test
    void theMessageNamesAClassThatIsNotASerde() {
        KafkaClients clients = new KafkaClients(Configuration.of(Map.of("serde.class", "java.lang.StringBuilder")));
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> clients.serde(ClipSegment.class));
        assertTrue(e.getMessage().contains("serde.class java.lang.StringBuilder"), e.getMessage());
    }
}
