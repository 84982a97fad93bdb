package io.migr.runtime.kafka;

import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.AvroSerde;
import io.migr.schemas.HttpSchemaRegistry;
import io.migr.schemas.SchemaRegistryClient;
import io.migr.schemas.SchemaRegistryException;
import io.migr.schemas.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Creates Kafka clients, serdes and topics from one configuration, for records of {@link Topic#MAX_MESSAGE_BYTES}. */
public final class KafkaClients {
    private static final String LARGEST = String.valueOf(Topic.MAX_MESSAGE_BYTES);

    private final Configuration configuration;
    private final SchemaRegistryClient registry;

    public KafkaClients(Configuration configuration) {
        this.configuration = configuration;
        String credentials = configuration.text(Key.SCHEMA_REGISTRY_CREDENTIALS);
        registry = new HttpSchemaRegistry(
                configuration.text(Key.SCHEMA_REGISTRY_URL), credentials.isEmpty() ? null : credentials);
    }

    /** The name of a topic on this broker, with the configured prefix. */
    public String name(Topic topic) {
        return topic.name(configuration.text(Key.TOPIC_PREFIX));
    }

    /** Whether the topics after the split step carry pictures and sound. */
    public boolean carriesMedia() {
        return configuration.carriesMedia();
    }

    /** The serde for values of a class: the built-in one, or the class that {@code serde.class} names. */
    @SuppressWarnings("unchecked")
    public <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
        String configured = configuration.text(Key.SERDE_CLASS);
        if (configured.isEmpty()) {
            return AvroSerde.of(type, registry);
        }
        AvroSafety.set();
        try {
            Serde<T> serde = (Serde<T>)
                    Class.forName(configured).getDeclaredConstructor().newInstance();
            Map<String, Object> settings = new HashMap<>(configuration.kafka());
            settings.put("schema.registry.url", configuration.text(Key.SCHEMA_REGISTRY_URL));
            settings.put("specific.avro.reader", "true");
            String credentials = configuration.text(Key.SCHEMA_REGISTRY_CREDENTIALS);
            if (!credentials.isEmpty()) {
                settings.put("basic.auth.credentials.source", "USER_INFO");
                settings.put("basic.auth.user.info", credentials);
            }
            serde.configure(settings, false);
            return serde;
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalStateException(
                    "serde.class " + configured + " cannot be used: it must be on the classpath, implement"
                            + " org.apache.kafka.common.serialization.Serde and have a public constructor without"
                            + " arguments (" + e + ").",
                    e);
        }
    }

    /** Settings of every producer: idempotent, acknowledged by all replicas, sized for large records. */
    public Map<String, Object> producerSettings() {
        Map<String, Object> settings = new HashMap<>(configuration.kafka());
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        settings.put("max.request.size", LARGEST);
        settings.put("buffer.memory", "67108864");
        settings.put("batch.size", "65536");
        settings.putIfAbsent("linger.ms", "5");
        return settings;
    }

    /**
     * A producer of byte arrays, transactional unless {@code transactionalId} is null. Without transactions it has only
     * one request in flight: a broker without the fix of KAFKA-15591 that has just created a topic may reject the first
     * request and accept the second, out of order; from then on it rejects the first one every time.
     */
    public KafkaProducer<String, byte[]> producer(String transactionalId) {
        Map<String, Object> settings = producerSettings();
        if (transactionalId == null) {
            settings.put("max.in.flight.requests.per.connection", "1");
        } else {
            settings.put("transactional.id", transactionalId);
            // a transaction left open by a killed process hides later results from readers for this long
            settings.put("transaction.timeout.ms", "10000");
        }
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    /** Settings of every consumer: committed records only, sized for large records, sessions of a few seconds. */
    public Map<String, Object> consumerSettings() {
        Map<String, Object> settings = new HashMap<>(configuration.kafka());
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        settings.put("max.partition.fetch.bytes", LARGEST);
        settings.put("fetch.max.bytes", "33554432");
        settings.putIfAbsent("session.timeout.ms", "6000");
        settings.putIfAbsent("heartbeat.interval.ms", "1500");
        settings.put("allow.auto.create.topics", "false");
        return settings;
    }

    /** A consumer of byte arrays. If {@code group} is null, its partitions have to be assigned by hand. */
    public KafkaConsumer<String, byte[]> consumer(String group) {
        Map<String, Object> settings = consumerSettings();
        if (group != null) {
            settings.put("group.id", group);
        } else {
            // A consumer without a group reads what exists and asks for offsets in between, on one connection:
            // these requests, and closing, wait behind a fetch that is waiting for records.
            settings.put("fetch.max.wait.ms", "50");
        }
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** A client for administration; the caller closes it. */
    public Admin admin() {
        return Admin.create(new HashMap<String, Object>(configuration.kafka()));
    }

    /**
     * Creates the topics that do not exist yet.
     *
     * @throws KafkaException if a topic cannot be created; the message names the topic and the broker
     */
    public void ensureTopics() {
        try (Admin admin = admin()) {
            List<NewTopic> topics =
                    java.util.Arrays.stream(Topic.values()).map(this::newTopic).toList();
            admin.createTopics(topics).values().forEach((name, made) -> await(name, made));
        }
    }

    private NewTopic newTopic(Topic topic) {
        Map<String, String> settings = new HashMap<>();
        settings.put("max.message.bytes", LARGEST);
        settings.put("compression.type", topic.compression());
        if (topic.compacted()) {
            settings.put("cleanup.policy", "compact");
        } else {
            settings.put("retention.ms", String.valueOf(topic.retention().toMillis()));
        }
        int partitions = topic.single() ? 1 : configuration.number(Key.TOPIC_PARTITIONS);
        return new NewTopic(name(topic), partitions, (short) configuration.number(Key.TOPIC_REPLICATION))
                .configs(settings);
    }

    /**
     * Registers the schemas of all topics, so that other programs find them before the first record is written.
     *
     * @throws SchemaRegistryException if the registry rejects a schema; the message says why
     */
    public void registerSchemas() {
        for (Topic topic : Topic.values()) {
            if (topic.value() != null) {
                registry.register(name(topic) + "-value", SpecificData.get().getSchema(topic.value()));
            }
        }
    }

    private void await(String name, org.apache.kafka.common.KafkaFuture<Void> made) {
        try {
            made.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException(
                        "The topic " + name + " cannot be created at " + configuration.text(Key.KAFKA_BOOTSTRAP_SERVERS)
                                + ": " + e.getCause().getMessage(),
                        e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while creating topics.", e);
        }
    }
}
