package io.migr.streams;

import io.micrometer.core.instrument.MeterRegistry;
import io.migr.features.FeatureExtractor;
import io.migr.features.ProcessFolder;
import io.migr.perception.ClipPerception;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.runtime.kafka.KafkaClients;
import io.migr.runtime.service.Service;
import io.migr.schemas.BaselineClip;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.Topic;
import io.migr.streams.records.BrokerLog;
import io.migr.streams.records.RecordLog;
import io.migr.streams.records.TopicNames;
import io.migr.streams.records.ValueSerdes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.Topology;

/**
 * Runs two Kafka Streams applications with exactly-once processing. The first splits clips, pairs halves and computes
 * the timeline; the second joins labels. They are separate so that problems with labels do not stop clips, and because
 * the topology of a running group must not change and the joining of labels was added later.
 */
public final class StreamsService implements Service {
    /** Name of the application that splits and pairs clips. */
    private static final String CLIPS = "streams";

    private final Configuration configuration;
    private final KafkaClients clients;
    private final FeatureExtractor extractor;
    private final ClipPerception perception;
    private final MeterRegistry metrics;
    private final BrokerLog log;
    private final Path folder;
    private ProcessFolder state;
    private volatile List<StreamsApplication> applications = List.of();

    /**
     * Creates the service.
     *
     * @param folder for what waits on disk; each process has a folder of its own below it
     */
    public StreamsService(
            Configuration configuration,
            KafkaClients clients,
            FeatureExtractor extractor,
            MeterRegistry metrics,
            Path folder) {
        this.configuration = configuration;
        this.folder = folder;
        this.clients = clients;
        this.extractor = extractor;
        perception = FeatureRecords.perception(configuration);
        this.metrics = metrics;
        log = new BrokerLog(clients.consumerSettings());
    }

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public void start() {
        clients.requireEqualPartitions(List.of(Topic.VISUAL_FEATURES, Topic.AUDIO_FEATURES));
        clients.requireEqualPartitions(List.of(Topic.INFERENCE_REQUESTS, Topic.PREDICTIONS, Topic.FEEDBACK));
        state = ProcessFolder.open(folder, "migr-streams-", "Set streams.folder to another one.");
        StreamsSettings settings = new StreamsSettings(configuration, clients, state.path());
        StreamsApplication clips = new StreamsApplication(
                topology(configuration, values(), extractor, perception, metrics),
                settings.of(CLIPS, configuration.text(Key.STREAMS_THREADS)),
                metrics);
        applications = List.of(clips);
        StreamsApplication examples =
                new StreamsApplication(examples(configuration, values(), log), settings.of("examples", "1"), metrics);
        applications = List.of(clips, examples);
        applications.forEach(StreamsApplication::start);
    }

    private ValueSerdes values() {
        return new ValueSerdes() {
            @Override
            public <T extends SpecificRecord> Serde<T> of(Class<T> type) {
                return clients.serde(type);
            }
        };
    }

    /** The topology from clips to requests, with the timeline; used by the service and by tests. */
    static Topology topology(
            Configuration configuration,
            ValueSerdes values,
            FeatureExtractor extractor,
            ClipPerception perception,
            MeterRegistry metrics) {
        TopicNames names = new TopicNames(configuration.text(Key.TOPIC_PREFIX));
        Topology topology = new Topology();
        Duration window = Duration.ofSeconds(configuration.number(Key.STREAMS_TIMELINE_WINDOW_SECONDS));
        TimelineTopology.add(topology, names, values, window);
        SplitTopology.add(
                topology,
                names,
                values,
                extractor,
                perception,
                ClaimCheck.of(configuration),
                configuration.carriesMedia(),
                metrics);
        PairTopology.add(topology, names, values, configuration.number(Key.STREAMS_PAIR_WAIT_MS));
        return topology;
    }

    /** The topology from labels to training examples; used by the service and by tests. */
    static Topology examples(Configuration configuration, ValueSerdes values, RecordLog log) {
        return ExampleTopology.of(
                new TopicNames(configuration.text(Key.TOPIC_PREFIX)),
                values,
                log,
                Duration.ofMillis(configuration.number(Key.STREAMS_LABEL_WAIT_MS)),
                Duration.ofHours(configuration.number(Key.STREAMS_LABEL_MEMORY_HOURS)));
    }

    /** What it writes beside topics of the catalogue, by full name: the changelogs of stores that hold records. */
    public static Map<String, Class<? extends SpecificRecord>> changelogs(Configuration configuration) {
        String application = configuration.text(Key.TOPIC_PREFIX) + CLIPS + "-";
        return Map.of(
                application + PairProcessor.PENDING + "-changelog",
                InferenceRequest.class,
                application + PairProcessor.PAIRED + "-changelog",
                BaselineClip.class);
    }

    @Override
    public boolean ready() {
        return !applications.isEmpty() && applications.stream().allMatch(StreamsApplication::ready);
    }

    @Override
    public Throwable failure() {
        return applications.stream()
                .map(StreamsApplication::failure)
                .filter(failure -> failure != null)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        applications.forEach(StreamsApplication::close);
        perception.close();
        log.close();
        if (state != null) {
            state.close();
        }
    }
}
