package io.migr.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The registry's schemas and compatibility levels. Every change is written to the compacted topic {@code _schemas}
 * before it takes effect, in the format of Confluent's registry. Only one process may write.
 */
final class SchemaStore implements AutoCloseable {
    static final String TOPIC = "_schemas";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A version of a subject; versions with the same schema text share an id. */
    record Version(String subject, int version, int id, String schema, boolean deleted) {}

    private final KafkaProducer<String, String> producer;
    private final Map<String, TreeMap<Integer, Version>> subjects = new TreeMap<>();
    private final Map<Integer, String> schemas = new TreeMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, String> levels = new HashMap<>();

    /** Reads the topic; creates it if it does not exist. */
    SchemaStore(String bootstrapServers) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "acks", "all");
        ensureTopic(bootstrapServers);
        read(bootstrapServers);
        producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static void ensureTopic(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers))) {
            NewTopic topic = new NewTopic(TOPIC, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"));
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException(
                        "The topic " + TOPIC + " cannot be created: "
                                + e.getCause().getMessage(),
                        e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while starting the registry.", e);
        }
    }

    private void read(String bootstrapServers) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest");
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(500)).forEach(record -> apply(record.key(), record.value()));
            }
        }
    }

    private void apply(String key, String value) {
        try {
            JsonNode name = JSON.readTree(key);
            JsonNode change = value == null ? null : JSON.readTree(value);
            if (name.path("keytype").asText().equals("CONFIG")) {
                String subject = name.path("subject").isNull()
                        ? ""
                        : name.path("subject").asText();
                if (change == null) {
                    levels.remove(subject);
                } else {
                    levels.put(subject, change.path("compatibilityLevel").asText());
                }
            } else if (change == null) {
                return; // this registry never writes such a record
            } else if (name.path("keytype").asText().equals("SCHEMA")) {
                remember(new Version(
                        change.path("subject").asText(),
                        change.path("version").asInt(),
                        change.path("id").asInt(),
                        change.path("schema").asText(),
                        change.path("deleted").asBoolean()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A record of " + TOPIC + " is not valid JSON: " + key, e);
        }
    }

    private void remember(Version version) {
        subjects.computeIfAbsent(version.subject(), name -> new TreeMap<>()).put(version.version(), version);
        schemas.put(version.id(), version.schema());
        ids.putIfAbsent(version.schema(), version.id());
    }

    private void write(ObjectNode key, ObjectNode value) {
        String name = key.toString();
        String change = value == null ? null : value.toString();
        try {
            producer.send(new ProducerRecord<>(TOPIC, name, change)).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "The registry cannot write to " + TOPIC + ": "
                            + e.getCause().getMessage(),
                    e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the registry was writing.", e);
        }
        apply(name, change);
    }

    /** Versions of a subject, oldest first, with or without the deleted ones. */
    synchronized List<Version> versions(String subject, boolean deleted) {
        return subjects.getOrDefault(subject, new TreeMap<>()).values().stream()
                .filter(version -> deleted || !version.deleted())
                .toList();
    }

    /** Names of the subjects that have a version, with or without the deleted ones. */
    synchronized List<String> subjects(boolean deleted) {
        return subjects.keySet().stream()
                .filter(subject -> !versions(subject, deleted).isEmpty())
                .toList();
    }

    /** The text of a schema; null if there is none with this id. */
    synchronized String schema(int id) {
        return schemas.get(id);
    }

    /** Adds a version; the same text has the same id in all subjects. */
    synchronized Version add(String subject, String schema) {
        int id = ids.getOrDefault(
                schema, schemas.keySet().stream().max(Integer::compare).orElse(0) + 1);
        TreeMap<Integer, Version> known = subjects.getOrDefault(subject, new TreeMap<>());
        int version = known.isEmpty() ? 1 : known.lastKey() + 1;
        write(new Version(subject, version, id, schema, false));
        return subjects.get(subject).get(version);
    }

    /** Marks a version as deleted; its id stays valid. */
    synchronized void delete(Version version) {
        write(new Version(version.subject(), version.version(), version.id(), version.schema(), true));
    }

    private void write(Version version) {
        ObjectNode key = JSON.createObjectNode()
                .put("keytype", "SCHEMA")
                .put("subject", version.subject())
                .put("version", version.version())
                .put("magic", 1);
        write(
                key,
                JSON.createObjectNode()
                        .put("subject", version.subject())
                        .put("version", version.version())
                        .put("id", version.id())
                        .put("schema", version.schema())
                        .put("deleted", version.deleted()));
    }

    /** The level of a subject, or the global level for the empty name; null if none is set. */
    synchronized String level(String subject) {
        return levels.get(subject);
    }

    /** Sets the level of a subject, or the global level for the empty name; null removes it. */
    synchronized void level(String subject, String level) {
        ObjectNode key = JSON.createObjectNode().put("keytype", "CONFIG");
        if (subject.isEmpty()) {
            key.putNull("subject");
        } else {
            key.put("subject", subject);
        }
        write(
                key.put("magic", 0),
                level == null ? null : JSON.createObjectNode().put("compatibilityLevel", level));
    }

    @Override
    public void close() {
        producer.close();
    }
}
