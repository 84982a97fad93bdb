package io.migr.runtime.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The values of all keys. Command-line flags take precedence over environment variables, which take precedence over
 * {@code migr.properties} and then the defaults. Keys under {@code kafka.} are passed unchanged to every Kafka client.
 */
public final class Configuration {
    private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);
    private static final String KAFKA = "kafka.";
    /** Environment variables that are read without a configuration, with their meaning. */
    private static final SortedMap<String, String> RESERVED = new TreeMap<>(Map.of(
            "MIGR_HOME", "folder of the installation; ./migr sets it",
            "MIGR_CACHE_DIR", "where the FFmpeg program is unpacked; default: ~/.cache/migr",
            "MIGR_CLASSPATH", "jars to add to the class path, such as the one with serde.class",
            "MIGR_JAVA_OPTIONS", "options for the JVM, such as -Xmx4g",
            "MIGR_TRACE", "1: print the stack trace when a command fails",
            "MIGR_CONFIG", "the properties file; --config wins over it; default: migr.properties",
            "MIGR_LOG_LEVEL", "level of the log on standard error; default: WARN",
            "MIGR_KAFKA_LOG_LEVEL", "level of Kafka's log; default: ERROR for clients, OFF for the embedded broker"));

    private record Value(String text, String source) {}

    private final Map<Key, Value> values = new EnumMap<>(Key.class);
    private final Map<String, String> kafka = new TreeMap<>();

    private Configuration() {}

    /** Environment variables that are not keys, by name, with their meaning. */
    public static SortedMap<String, String> variables() {
        return Collections.unmodifiableSortedMap(RESERVED);
    }

    /**
     * Reads all sources and reports all problems together.
     *
     * @param flags by property name, e.g. {@code worker.batch.size}
     * @param environment e.g. {@link System#getenv()}
     * @param file a properties file; it need not exist
     * @throws ConfigurationException lists unknown keys and values that do not fit their key
     */
    public static Configuration of(Map<String, String> flags, Map<String, String> environment, Path file) {
        Configuration configuration = new Configuration();
        List<String> problems = new ArrayList<>();
        configuration.merge(properties(file, problems), file.toString(), problems);
        Map<String, String> variables = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (InjectedVariables.include(name, value)) {
                LOG.debug("{} is what Kubernetes tells of a service, not a setting; it is ignored.", name);
            } else if (name.startsWith("MIGR_") && !RESERVED.containsKey(name)) {
                variables.put(name.substring(5).toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        configuration.merge(variables, "environment", problems);
        configuration.merge(flags, "command line", problems);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return configuration;
    }

    /** The defaults with some values changed, by property name. */
    public static Configuration of(Map<String, String> changes) {
        return of(changes, Map.of(), Path.of("no.properties"));
    }

    private static Map<String, String> properties(Path file, List<String> problems) {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                problems.add(file + " cannot be read: " + e.getMessage());
            }
        }
        Map<String, String> all = new TreeMap<>();
        properties.forEach((name, value) -> all.put((String) name, ((String) value).strip()));
        return all;
    }

    private void merge(Map<String, String> pairs, String source, List<String> problems) {
        pairs.forEach((property, value) -> Key.of(property)
                .ifPresentOrElse(
                        key -> {
                            String problem = key.problem(value);
                            if (problem != null) {
                                problems.add(problem + " (" + source + ")");
                            }
                            values.put(key, new Value(value, source));
                        },
                        () -> {
                            if (property.startsWith(KAFKA) && property.length() > KAFKA.length()) {
                                kafka.put(property.substring(KAFKA.length()), value);
                            } else {
                                problems.add("unknown key " + property + " (" + source + "); the nearest is "
                                        + nearest(property));
                            }
                        }));
    }

    private static String nearest(String property) {
        return NearestName.of(
                property, Arrays.stream(Key.values()).map(Key::property).toList());
    }

    /** A key's value, or its default if no source has it. */
    public String text(Key key) {
        Value value = values.get(key);
        return value == null ? key.fallback() : value.text();
    }

    /** The value of a key of kind NUMBER or COUNT. */
    public int number(Key key) {
        return Integer.parseInt(text(key));
    }

    /** Whether a key of kind SWITCH is on. */
    public boolean on(Key key) {
        return text(key).equals("on");
    }

    /** Whether the topics after the split step carry pictures and sound, see {@link Key#FEATURES_CARRY}. */
    public boolean carriesMedia() {
        return text(Key.FEATURES_CARRY).equals("media");
    }

    /** The value of a key of kind DECIMAL. */
    public double decimal(Key key) {
        return Double.parseDouble(text(key));
    }

    /** Where a value comes from: {@code default}, a file name, {@code environment} or {@code command line}. */
    public String source(Key key) {
        return values.containsKey(key) ? values.get(key).source() : "default";
    }

    /** The settings passed to every Kafka client, including the bootstrap servers. */
    public Map<String, String> kafka() {
        Map<String, String> all = new TreeMap<>(kafka);
        all.put("bootstrap.servers", text(Key.KAFKA_BOOTSTRAP_SERVERS));
        return Collections.unmodifiableMap(all);
    }

    /** A copy with some values changed. */
    public Configuration with(Map<Key, String> changes) {
        Configuration changed = new Configuration();
        changed.values.putAll(values);
        changed.kafka.putAll(kafka);
        changes.forEach((key, value) -> changed.values.put(key, new Value(value, "command line")));
        return changed;
    }
}
