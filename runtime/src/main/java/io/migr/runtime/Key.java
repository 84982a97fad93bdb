package io.migr.runtime;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * All configuration keys. A key {@code a.b} in {@code migr.properties} is the environment variable {@code MIGR_A_B} and
 * the flag {@code --a-b}.
 */
public enum Key {
    KAFKA_BOOTSTRAP_SERVERS(
            "127.0.0.1:9092", Kind.TEXT, "address of the Kafka broker; all kafka.* keys are passed to every client"),
    SCHEMA_REGISTRY_URL("http://127.0.0.1:8081", Kind.TEXT, "URL of a registry with Confluent's REST API"),
    SCHEMA_REGISTRY_CREDENTIALS("", Kind.SECRET, "user:password for the registry; empty: none"),
    SERDE_CLASS(
            "",
            Kind.TEXT,
            "a Serde for values, e.g. Confluent's SpecificAvroSerde, in a jar listed in MIGR_CLASSPATH; empty: the"
                    + " built-in one, same wire format"),
    TOPIC_PREFIX("migr.", Kind.TEXT, "prefix of all topic names"),
    TOPIC_PARTITIONS("12", Kind.COUNT, "partitions of a topic that migr creates"),
    TOPIC_REPLICATION("1", Kind.COUNT, "replicas of a topic that migr creates"),
    CLIP_MAX_BYTES("15728640", Kind.COUNT, "maximum size of a clip's media file, bytes"),
    CLIP_MAX_SECONDS("15", Kind.COUNT, "maximum length of a clip, seconds"),
    CLIP_SEGMENT_SECONDS("4", Kind.COUNT, "length of the segments that migr feed cuts, seconds"),
    CLIP_FOLDER("", Kind.TEXT, "folder that claim checks may point into; empty: claim checks are refused"),
    STREAMS_THREADS("1", Kind.COUNT, "threads that split clips"),
    STREAMS_GROUP_PROTOCOL("streams", Kind.TEXT, "group protocol of Kafka Streams: streams or classic"),
    /** Longer than the 11 s for which the open transaction of a killed producer hides the records after it. */
    STREAMS_PAIR_WAIT_MS("15000", Kind.COUNT, "how long one half of a clip waits for the other, ms"),
    STREAMS_TIMELINE_WINDOW_SECONDS("30", Kind.COUNT, "length of a timeline window, seconds"),
    /** Longer than the 11 s for which the open transaction of a killed producer hides the records after it. */
    STREAMS_LABEL_WAIT_MS("60000", Kind.COUNT, "how long a label waits for the request of its clip, ms"),
    STREAMS_LABEL_MEMORY_HOURS(
            "168", Kind.COUNT, "how long a clip can be labelled, hours; at most as long as requests are kept"),
    WORKER_GROUP("inference-worker", Kind.TEXT, "consumer group of the workers"),
    WORKER_BATCH_SIZE("8", Kind.COUNT, "maximum number of clips in a batch"),
    WORKER_BATCH_WAIT_MS("50", Kind.NUMBER, "how long to wait for a batch to fill, ms"),
    WORKER_QUEUE_SIZE("64", Kind.COUNT, "number of clips waiting for inference at which polling pauses"),
    /** For small models, handing work between threads costs more than it gains. */
    WORKER_THREADS("1", Kind.COUNT, "threads used for inference; the shipped model is fastest with one"),
    MODEL_FOLDER("", Kind.TEXT, "a model folder; empty: the shipped weights"),
    MODELS_STORE(
            "",
            Kind.TEXT,
            "where model versions are kept: a folder or s3://bucket/prefix; empty: models next to the data folder"),
    MODELS_S3_ENDPOINT("", Kind.TEXT, "URL of an S3-compatible store; empty: Amazon's"),
    MODELS_S3_REGION(
            "us-east-1", Kind.TEXT, "its region; credentials come from where AWS tools look, e.g. AWS_ACCESS_KEY_ID"),
    MODEL_DEVICE("cpu", Kind.TEXT, "cpu, cuda or auto"),
    VERIFIER_FOLDER(
            "",
            Kind.TEXT,
            "a verifier written by migr train verifier, used to read explanations; empty: the shipped one"),
    TRAINER_GROUP("trainer", Kind.TEXT, "consumer group of the trainers; the one with the partition runs the rounds"),
    TRAINER_FOLDER("", Kind.TEXT, "where training rounds keep their files; empty: training next to the data folder"),
    TRAINER_NEW_EXAMPLES("100", Kind.COUNT, "number of new labelled examples that starts a training round"),
    TRAINER_EVERY_MINUTES("0", Kind.NUMBER, "minutes after which any new example starts a round; 0: never"),
    TRAINER_RECORDS("4000", Kind.COUNT, "number of newest examples that a round reads"),
    TRAINER_WINDOW(
            "600", Kind.COUNT, "maximum number of labelled clips a round trains on, as balanced as possible"),
    TRAINER_HELD_OUT("200", Kind.COUNT, "maximum number of held-out labelled clips a round is evaluated on"),
    TRAINER_REHEARSAL_CLIPS("512", Kind.COUNT, "number of corpus clips that a round rehearses"),
    TRAINER_REHEARSAL_PERCENT("50", Kind.NUMBER, "share of rehearsed clips in the training data, percent, 0 to 95"),
    TRAINER_STEPS("60", Kind.NUMBER, "fine-tuning steps in a round, 16 clips each"),
    TRAINER_LEARNING_RATE("0.001", Kind.DECIMAL, "peak learning rate of fine-tuning"),
    TRAINER_REWARD_STEPS("10", Kind.NUMBER, "reward optimisation steps in a round, 8 clips with 8 explanations each"),
    TRAINER_REWARD_LEARNING_RATE("0.00002", Kind.DECIMAL, "learning rate of reward optimisation"),
    TRAINER_PARENT_PERCENT(
            "40",
            Kind.NUMBER,
            "share of the live model in a candidate's weights, percent, 0 to 95; more preserves more of its abilities"),
    TRAINER_VALIDATION_CLIPS("300", Kind.COUNT, "number of corpus clips a round is evaluated on, 20 to 1000"),
    TRAINER_SEED("17", Kind.NUMBER, "random seed of a round"),
    TRAINER_THREADS("1", Kind.COUNT, "threads used by a round; the same number gives the same weights"),
    DEAD_LETTERS_MAX_RETRIES("3", Kind.COUNT, "how often a record may be retried before it is quarantined"),
    DATA_FOLDER("", Kind.TEXT, "data folder of the embedded broker; empty: ~/.migr/data"),
    EMBEDDED_KAFKA_PORT("9092", Kind.NUMBER, "port of the embedded broker; 0: any free port"),
    EMBEDDED_REGISTRY_PORT("8081", Kind.NUMBER, "port of the embedded registry; 0: any free port"),
    HTTP_HOST("127.0.0.1", Kind.TEXT, "address that the health and metrics server listens on"),
    HTTP_PORT("8090", Kind.NUMBER, "port of the health and metrics server; 0: any free port");

    /** The form a value must have. */
    enum Kind {
        TEXT("text"),
        SECRET("text that is not shown"),
        NUMBER("a whole number of at least 0"),
        COUNT("a whole number of at least 1"),
        DECIMAL("a number greater than 0, such as 0.0002");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private final String fallback;
    private final Kind kind;
    private final String meaning;

    Key(String fallback, Kind kind, String meaning) {
        this.fallback = fallback;
        this.kind = kind;
        this.meaning = meaning;
    }

    /** The name in {@code migr.properties}. */
    public String property() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** The name as a flag, without the leading dashes. */
    public String flag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String fallback() {
        return fallback;
    }

    /** One line of help, as printed by {@code migr config}. */
    public String meaning() {
        return meaning;
    }

    /** Whether a value must not be printed. */
    public boolean secret() {
        return kind == Kind.SECRET;
    }

    static Optional<Key> of(String property) {
        return Arrays.stream(values())
                .filter(key -> key.property().equals(property))
                .findFirst();
    }

    /** What is wrong with a value; null if it is valid. */
    String problem(String value) {
        boolean fits =
                switch (kind) {
                    case TEXT, SECRET -> true;
                    case NUMBER -> value.matches("\\d{1,9}");
                    case COUNT -> value.matches("\\d{1,9}") && Integer.parseInt(value) > 0;
                    case DECIMAL -> value.matches("\\d{1,9}(\\.\\d{1,12})?") && Double.parseDouble(value) > 0;
                };
        return fits ? null : property() + " must be " + kind.words + ", not \"" + value + "\"";
    }
}
