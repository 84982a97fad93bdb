package io.migr.runtime.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * All configuration keys. A key {@code a.b} in {@code migr.properties} is the environment variable {@code MIGR_A_B} and
 * the flag {@code --a-b}.
 */
public enum Key {
    KAFKA_BOOTSTRAP_SERVERS(
            "127.0.0.1:9092",
            Kind.TEXT,
            "address of the broker; any other kafka.* setting is passed to every Kafka client"),
    SCHEMA_REGISTRY_URL(
            "http://127.0.0.1:8081",
            Kind.TEXT,
            "address of a schema registry with Confluent's REST API; several with commas between them: the next is asked"
                    + " when one does not answer"),
    SCHEMA_REGISTRY_CREDENTIALS("", Kind.SECRET, "user:password for the registry; empty: none"),
    SCHEMA_REGISTRY_TOKEN("", Kind.SECRET, "bearer token for the registry, instead of user:password; empty: none"),
    SCHEMA_REGISTRY_TRUSTSTORE(
            "",
            Kind.TEXT,
            "file with the authorities to trust for the registry's certificate, in PEM, PKCS12 or JKS; empty: those that"
                    + " Java trusts"),
    SCHEMA_REGISTRY_TRUSTSTORE_PASSWORD("", Kind.SECRET, "password of that file; empty: none"),
    SCHEMA_REGISTRY_REGISTER(
            "on",
            Kind.SWITCH,
            "whether services register their schemas; off: they only look them up, and do not start if one is missing"),
    SERDE_CLASS(
            "",
            Kind.TEXT,
            "a Serde class for values, for example Confluent's SpecificAvroSerde, from a jar on MIGR_CLASSPATH; empty:"
                    + " the built-in one, which has the same wire format"),
    TOPIC_PREFIX("migr.", Kind.TEXT, "prefix of all topic names"),
    TOPIC_PARTITIONS("12", Kind.COUNT, "partitions of a topic when it is created"),
    TOPIC_REPLICATION("1", Kind.COUNT, "replicas of a topic when it is created"),
    CLIP_MAX_BYTES("15728640", Kind.COUNT, "largest media of a clip, bytes"),
    CLIP_MAX_SECONDS("15", Kind.COUNT, "longest clip, seconds"),
    CLIP_SEGMENT_SECONDS("4", Kind.COUNT, "length of the segments that migr feed cuts, seconds"),
    CLIP_FOLDER("", Kind.TEXT, "folder that media references (claim checks) may point into; empty: they are refused"),
    STREAMS_THREADS("1", Kind.COUNT, "threads that split and pair clips"),
    STREAMS_FOLDER(
            "",
            Kind.TEXT,
            "where halves of clips that wait for each other are kept on disk; empty: the folder streams next to the"
                    + " data folder"),
    STREAMS_GROUP_PROTOCOL("streams", Kind.TEXT, "consumer group protocol of Kafka Streams: streams or classic"),
    /** Longer than the 11 s for which a killed writer's open transaction hides the records after it. */
    STREAMS_PAIR_WAIT_MS(
            "15000",
            Kind.COUNT,
            "how long a half of a clip that another program wrote waits for the other half, ms; the halves that migr"
                    + " writes wait for each other without limit"),
    STREAMS_TIMELINE_WINDOW_SECONDS("30", Kind.COUNT, "length of a timeline window, seconds"),
    /** Longer than the 11 s for which a killed writer's open transaction hides the records after it. */
    STREAMS_LABEL_WAIT_MS("60000", Kind.COUNT, "how long a label waits for the request of its clip, ms"),
    STREAMS_LABEL_MEMORY_HOURS(
            "168", Kind.COUNT, "how long a clip can be labelled, hours; not longer than inference-requests are kept"),
    FEATURES_CARRY(
            "cues",
            Kind.CARRY,
            "what of a clip passes the split step: cues alone, which is all that the shipped model needs, or media, so also"
                    + " its pictures and sound, for models that read them; the same for streams, workers and trainer"),
    PERCEPTION_FACE_APPEARANCE(
            "on",
            Kind.SWITCH,
            "whether a net that was trained on pictures from the web says what a face looks like; off: rules alone,"
                    + " which are right less often"),
    PERCEPTION_LAUGHTER_FOLDER(
            "",
            Kind.TEXT,
            "folder with the weights for possible laughter, which costs about five times the rest of a voice; empty:"
                    + " not looked for"),
    WORKER_GROUP("inference-worker", Kind.TEXT, "consumer group of the workers"),
    WORKER_BATCH_SIZE("8", Kind.COUNT, "largest number of clips in a batch"),
    WORKER_BATCH_WAIT_MS("50", Kind.NUMBER, "how long to wait for a batch to fill, ms"),
    WORKER_QUEUE_SIZE("64", Kind.COUNT, "clips in the queue at which polling pauses"),
    /** Small models lose more time to handing work between threads than they gain. */
    WORKER_THREADS("1", Kind.COUNT, "threads for inference; the shipped model is fastest with one"),
    MODEL_FOLDER(
            "", Kind.TEXT, "folder of the configured model, used while no version is live; empty: the shipped weights"),
    MODELS_STORE(
            "",
            Kind.TEXT,
            "where model versions are stored: a folder or s3://bucket/prefix; empty: the folder models next to the data"
                    + " folder"),
    MODELS_S3_ENDPOINT("", Kind.TEXT, "URL of an S3-compatible store; empty: Amazon's"),
    MODELS_S3_REGION(
            "us-east-1",
            Kind.TEXT,
            "region of the S3 store; credentials come from where the AWS SDK looks, such as AWS_ACCESS_KEY_ID"),
    MODEL_DEVICE("cpu", Kind.TEXT, "device for inference: cpu, cuda or auto"),
    VERIFIER_FOLDER(
            "",
            Kind.TEXT,
            "folder of a verifier from migr train verifier; it decides whether an explanation is consistent; empty: the"
                    + " shipped one"),
    TRAINER_GROUP(
            "trainer",
            Kind.TEXT,
            "consumer group of the trainers; the one that is assigned the partition runs the rounds"),
    TRAINER_FOLDER("", Kind.TEXT, "where rounds keep their files; empty: the folder training next to the data folder"),
    TRAINER_NEW_EXAMPLES("100", Kind.COUNT, "start a round when there are this many new labelled examples"),
    TRAINER_EVERY_MINUTES(
            "0", Kind.NUMBER, "also start a round after this time if there is a new example, minutes; 0: never"),
    TRAINER_RECORDS("4000", Kind.COUNT, "number of newest examples that a round reads"),
    TRAINER_WINDOW("600", Kind.COUNT, "largest number of labelled clips to learn from, balanced over emotions"),
    TRAINER_HELD_OUT("200", Kind.COUNT, "largest number of held-out labelled clips to evaluate on"),
    TRAINER_REHEARSAL_CLIPS("512", Kind.COUNT, "corpus clips to rehearse, so that the model does not forget them"),
    TRAINER_REHEARSAL_PERCENT("50", Kind.NUMBER, "share of corpus clips in the training data, percent, 0 to 95"),
    TRAINER_STEPS("60", Kind.NUMBER, "steps of fine-tuning, 16 clips each"),
    TRAINER_LEARNING_RATE("0.001", Kind.DECIMAL, "highest learning rate of fine-tuning"),
    TRAINER_REWARD_STEPS("10", Kind.NUMBER, "steps of reward optimisation, 8 clips with 8 explanations each"),
    TRAINER_REWARD_LEARNING_RATE("0.00002", Kind.DECIMAL, "learning rate of reward optimisation"),
    TRAINER_PARENT_PERCENT(
            "40",
            Kind.NUMBER,
            "share of the live model's weights in the candidate, percent, 0 to 95; more keeps more of its abilities"),
    TRAINER_VALIDATION_CLIPS("300", Kind.COUNT, "corpus clips to evaluate on, 20 to 1000"),
    TRAINER_SEED("17", Kind.NUMBER, "seed of all random draws of a round"),
    TRAINER_THREADS("1", Kind.COUNT, "threads for training; the same number gives the same weights"),
    DEAD_LETTERS_MAX_RETRIES("3", Kind.COUNT, "how often a record may be retried before it is quarantined"),
    DATA_FOLDER("", Kind.TEXT, "data folder of the embedded broker; empty: ~/.migr/data"),
    EMBEDDED_KAFKA_PORT("9092", Kind.NUMBER, "port of the embedded broker; 0: any"),
    EMBEDDED_REGISTRY_PORT("8081", Kind.NUMBER, "port of the embedded registry; 0: any"),
    HTTP_HOST("127.0.0.1", Kind.TEXT, "host that health and metrics listen on"),
    HTTP_PORT("8090", Kind.NUMBER, "port of health and metrics; 0: any");

    /** The form a value must have. */
    enum Kind {
        TEXT("text"),
        SECRET("text that is not shown"),
        NUMBER("a whole number of at least 0"),
        COUNT("a whole number of at least 1"),
        DECIMAL("a number greater than 0, such as 0.0002"),
        SWITCH("on or off"),
        CARRY("media or cues");

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

    /** The default value. */
    public String fallback() {
        return fallback;
    }

    /** One line of help, as printed by {@code migr config}. */
    public String meaning() {
        return meaning;
    }

    /** What a value must look like, in words, e.g. {@code a whole number of at least 1}. */
    public String form() {
        return kind.words;
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
                    case SWITCH -> value.equals("on") || value.equals("off");
                    case CARRY -> value.equals("media") || value.equals("cues");
                    case DECIMAL -> value.matches("\\d{1,9}(\\.\\d{1,12})?") && Double.parseDouble(value) > 0;
                };
        return fits ? null : property() + " must be " + kind.words + ", not \"" + value + "\"";
    }
}
