package io.migr.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Confluent's own registry client for Java, 7.5.3. On Maven Central it exists only inside a jar of Flink, relocated and
 * together with old copies of libraries that migr uses, so it has its own class loader and is called by reflection.
 */
final class ConfluentClient {
    private static final String PACKAGE =
            "org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.";

    /** A refusal of the registry: Confluent's RestClientException. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        final int status;
        final int code;

        Refused(int status, int code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }
    }

    private static final ClassLoader ITS_OWN = loader();

    private final Object client;

    /** A client whose cache is empty. */
    ConfluentClient(String registryUrl) throws ReflectiveOperationException {
        client = ITS_OWN.loadClass(PACKAGE + "client.CachedSchemaRegistryClient")
                .getConstructor(String.class, int.class)
                .newInstance(registryUrl, 100);
    }

    private static ClassLoader loader() {
        try {
            URL logging =
                    LoggerFactory.class.getProtectionDomain().getCodeSource().getLocation();
            URL[] jars = {jar().toUri().toURL(), logging};
            return new URLClassLoader(jars, ClassLoader.getPlatformClassLoader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path jar() throws IOException {
        try (var files = Files.list(Path.of("target", "confluent-client"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A schema in the form that the client's methods expect. */
    Object schema(String text) throws Refused {
        return ((Optional<?>) call("parseSchema", "AVRO", text, List.of())).orElseThrow();
    }

    /** Calls a method of the client by name and arguments. */
    Object call(String method, Object... arguments) throws Refused {
        return on(client, method, arguments);
    }

    /** Calls a method of an object that the client returned. */
    static Object on(Object target, String name, Object... arguments) throws Refused {
        Method method = Arrays.stream(target.getClass().getMethods())
                .filter(one -> one.getName().equals(name) && takes(one, arguments))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        target.getClass().getSimpleName() + " has no " + name + " for " + Arrays.toString(arguments)));
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            if (cause.getClass().getSimpleName().equals("RestClientException")) {
                throw new Refused((int) on(cause, "getStatus"), (int) on(cause, "getErrorCode"), cause.getMessage());
            }
            throw new IllegalStateException(cause);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean takes(Method method, Object... arguments) {
        Class<?>[] types = method.getParameterTypes();
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            boolean fits = types[i].isInstance(arguments[i])
                    || (types[i] == int.class && arguments[i] instanceof Integer)
                    || (types[i] == boolean.class && arguments[i] instanceof Boolean);
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
