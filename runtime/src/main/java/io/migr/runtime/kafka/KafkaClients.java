package io.migr.runtime.kafka;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.AvroSerde;
import io.migr.schemas.HttpSchemaRegistry;
import io.migr.schemas.SchemaRegistryException;
import io.migr.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates Kafka clients, serdes and topics from one configuration, for records of {@link Topic#MAX_MESSAGE_BYTES}. */
public final class KafkaClients {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaClients.class);
    private static final String LARGEST = String.valueOf(Topic.MAX_MESSAGE_BYTES);
    /** In how many segments a topic's time of retention is divided: its records stay longer by at most one of them. */
    private static final int SEGMENTS = 24;

    /** How long it may take until all brokers know a topic that was just created. */
    private static final Duration SPREAD = Duration.ofSeconds(10);

    private final Configuration configuration;
    private final HttpSchemaRegistry registry;

    public KafkaClients(Configuration configuration) {
        this.configuration = configuration;
        registry = new HttpSchemaRegistry(RegistrySettings.access(configuration));
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
            settings.put("specific.avro.reader", "true");
            settings.putAll(RegistrySettings.forSerdes(configuration));
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
        return byteConsumer(settings);
    }

    /**
     * A consumer without a group for a service that waits for new records all the time. Its fetches wait longer than
     * those of {@link #consumer}: on an idle topic it asks twice a second, not twenty times.
     */
    public KafkaConsumer<String, byte[]> waitingConsumer() {
        return byteConsumer(consumerSettings());
    }

    private static KafkaConsumer<String, byte[]> byteConsumer(Map<String, Object> settings) {
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** A client for administration; the caller closes it. */
    public Admin admin() {
        return Admin.create(new HashMap<String, Object>(configuration.kafka()));
    }

    /**
     * Asks whether the broker answers.
     *
     * @throws KafkaException if it does not within {@code longest}; the message names its address
     */
    public void reachBroker(Duration longest) {
        TopicSetup.reach(this::admin, configuration.text(Key.KAFKA_BOOTSTRAP_SERVERS), longest);
    }

    /**
     * Creates the topics that do not exist yet.
     *
     * @throws KafkaException if a topic cannot be created; the message names the topic and the broker
     */
    public void ensureTopics() {
        try (Admin admin = admin()) {
            topicSetup(admin).createMissing();
        }
    }

    /** Logs how the topics differ from those that {@link #ensureTopics} would create, and what follows from that. */
    public void compareTopics() {
        try (Admin admin = admin()) {
            topicSetup(admin).compare();
        }
    }

    private TopicSetup topicSetup(Admin admin) {
        List<NewTopic> wanted =
                Arrays.stream(Topic.values()).map(this::newTopic).toList();
        return new TopicSetup(admin, configuration.text(Key.KAFKA_BOOTSTRAP_SERVERS), wanted);
    }

    private NewTopic newTopic(Topic topic) {
        Map<String, String> settings = new HashMap<>();
        settings.put("max.message.bytes", LARGEST);
        settings.put("compression.type", topic.compression());
        // a record's time decides how long it is kept, so it must not be what a sender's clock says
        settings.put("message.timestamp.type", "LogAppendTime");
        settings.put("cleanup.policy", topic.compacted() ? "compact" : "delete");
        if (!topic.compacted()) {
            settings.put("retention.ms", String.valueOf(topic.retention().toMillis()));
            // a segment is deleted as a whole, when its last record is old enough
            settings.put("segment.ms", String.valueOf(topic.retention().toMillis() / SEGMENTS));
        }
        int partitions = topic.single() ? 1 : configuration.number(Key.TOPIC_PARTITIONS);
        return new NewTopic(name(topic), partitions, (short) configuration.number(Key.TOPIC_REPLICATION))
                .configs(settings);
    }

    /**
     * Refuses topics that are read together, partition by partition, if they have different numbers of partitions: the
     * records of a key would be read by different tasks and never meet.
     *
     * @throws KafkaException if the numbers differ or the broker does not answer; the message names topics and numbers
     */
    public void requireEqualPartitions(List<Topic> together) {
        List<String> names = together.stream().map(this::name).toList();
        Map<String, Integer> partitions = new TreeMap<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer(null)) {
            long deadline = System.nanoTime() + SPREAD.toNanos();
            do {
                names.forEach(name ->
                        partitions.put(name, consumer.partitionsFor(name).size()));
            } while (partitions.containsValue(0) && System.nanoTime() < deadline); // not all brokers know it yet
        }
        if (Set.copyOf(partitions.values()).size() > 1) {
            throw new KafkaException("The topics of these numbers of partitions are read together, so the numbers must"
                    + " be equal: " + partitions + ". Otherwise records of one participant would never meet. Stop all"
                    + " services and give all topics the same number, see docs/operating.md, Partitions.");
        }
    }

    /**
     * Registers the schemas of all topics, so that other programs find them before the first record is written.
     *
     * @throws SchemaRegistryException if the registry rejects a schema that migr writes; the message says why
     */
    public void registerSchemas() {
        Map<String, Class<? extends SpecificRecord>> written = new TreeMap<>();
        for (Topic topic : Topic.values()) {
            if (topic.value() != null && !topic.isOnlyRead()) {
                written.put(name(topic), topic.value());
            }
        }
        ensureSchemas(written);
        for (Topic topic : Topic.values()) {
            if (topic.isOnlyRead()) {
                try {
                    register(name(topic), topic.value());
                } catch (SchemaRegistryException e) {
                    LOG.warn("{} Records of that schema may become dead letters.", e.getMessage());
                }
            }
        }
    }

    /**
     * Registers the schemas of topics, or looks them up if {@link Key#SCHEMA_REGISTRY_REGISTER} is off.
     *
     * @param written the record class by the topic's full name
     * @throws SchemaRegistryException if the registry rejects or lacks one; the message names all of these
     * @throws io.migr.schemas.SchemaRegistryUnavailableException if the registry does not answer
     */
    public void ensureSchemas(Map<String, Class<? extends SpecificRecord>> written) {
        if (!configuration.text(Key.SERDE_CLASS).isEmpty()) {
            return; // the user's serde has its own way to register schemas
        }
        List<String> refused = new ArrayList<>();
        written.forEach((topic, type) -> {
            try {
                register(topic, type);
            } catch (SchemaRegistryException e) {
                refused.add(topic + "-value: " + e.getMessage());
            }
        });
        if (!refused.isEmpty()) {
            throw new SchemaRegistryException((configuration.on(Key.SCHEMA_REGISTRY_REGISTER)
                            ? "The schema registry rejects schemas that this service writes. Delete what is registered under"
                                    + " these subjects, or choose another topic.prefix:"
                            : "The schema registry lacks schemas that this service writes, and schema.registry.register=off"
                                    + " forbids to register them. Start the service once with schema.registry.register=on and"
                                    + " credentials that may register:")
                    + "\n  " + String.join("\n  ", refused));
        }
    }

    private void register(String topic, Class<? extends SpecificRecord> type) {
        registry.register(topic + "-value", SpecificData.get().getSchema(type));
    }

    /** Why the schema registry does not answer at the moment; empty if it does, or if nobody asks it. */
    public Optional<String> registryProblem() {
        return registry.problem();
    }

    /** Adds metrics about the schema registry. */
    public void bindTo(MeterRegistry metrics) {
        Gauge.builder(
                        "migr.schema.registry.available",
                        registry,
                        one -> one.problem().isPresent() ? 0 : 1)
                .register(metrics);
        FunctionCounter.builder("migr.schema.registry.failures", registry, HttpSchemaRegistry::failures)
                .register(metrics);
    }
}
