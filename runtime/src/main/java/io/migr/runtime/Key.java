package io.migr.runtime;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every configuration key: {@code a.b} in {@code migr.properties}, {@code MIGR_A_B}, {@code --a-b}. */
public enum Key {
    KAFKA_BOOTSTRAP_SERVERS(
            "127.0.0.1:9092", Kind.TEXT, "where the broker listens; all of kafka.* reaches every client"),
    SCHEMA_REGISTRY_URL("http://127.0.0.1:8081", Kind.TEXT, "a registry that speaks Confluent's REST protocol"),
    SCHEMA_REGISTRY_CREDENTIALS("", Kind.SECRET, "user:password for the registry; empty: none"),
    SERDE_CLASS(
            "",
            Kind.TEXT,
            "a Serde for values, e.g. Confluent's SpecificAvroSerde, in a jar that MIGR_CLASSPATH names; empty: the"
                    + " built-in one, same wire format"),
    TOPIC_PREFIX("migr.", Kind.TEXT, "what all topic names start with"),
    TOPIC_PARTITIONS("12", Kind.COUNT, "partitions of topics that are made"),
    TOPIC_REPLICATION("1", Kind.COUNT, "replicas of topics that are made"),
    CLIP_MAX_BYTES("15728640", Kind.COUNT, "largest media of one clip, bytes"),
    CLIP_MAX_SECONDS("15", Kind.COUNT, "longest clip, seconds"),
    CLIP_SEGMENT_SECONDS("4", Kind.COUNT, "length of the segments that feed cuts, seconds"),
    CLIP_FOLDER("", Kind.TEXT, "folder that claim checks may point into; empty: claim checks are refused"),
    STREAMS_THREADS("1", Kind.COUNT, "threads that split clips"),
    STREAMS_GROUP_PROTOCOL("streams", Kind.TEXT, "streams or classic"),
    /** Longer than the 11 s for which a killed writer's open transaction hides what was written behind it. */
    STREAMS_PAIR_WAIT_MS("15000", Kind.COUNT, "how long a half waits for the other, ms"),
    STREAMS_TIMELINE_WINDOW_SECONDS("30", Kind.COUNT, "length of a timeline window, seconds"),
    /** Longer than the 11 s for which a killed writer's open transaction hides what was written behind it. */
    STREAMS_LABEL_WAIT_MS("60000", Kind.COUNT, "how long a label waits for the request of its clip, ms"),
    STREAMS_LABEL_MEMORY_HOURS(
            "168", Kind.COUNT, "how long a clip can be labelled, hours; no longer than requests are kept"),
    WORKER_GROUP("inference-worker", Kind.TEXT, "consumer group of the workers"),
    WORKER_BATCH_SIZE("8", Kind.COUNT, "most clips in one batch"),
    WORKER_BATCH_WAIT_MS("50", Kind.NUMBER, "how long a batch waits to fill, ms"),
    WORKER_QUEUE_SIZE("64", Kind.COUNT, "clips that wait for inference before polling pauses"),
    /** Small models lose more to handing work from thread to thread than they gain. */
    WORKER_THREADS("1", Kind.COUNT, "threads that the model computes with; the shipped one is fastest with one"),
    MODEL_FOLDER("", Kind.TEXT, "a model folder; empty: the shipped weights"),
    MODELS_STORE(
            "",
            Kind.TEXT,
            "where model versions are kept: a folder or s3://bucket/prefix; empty: models beside the data folder"),
    MODELS_S3_ENDPOINT("", Kind.TEXT, "URL of an S3-compatible store; empty: Amazon's"),
    MODELS_S3_REGION("us-east-1", Kind.TEXT, "its region; credentials are found as AWS programs do, AWS_ACCESS_KEY_ID"),
    MODEL_DEVICE("cpu", Kind.TEXT, "cpu, cuda or auto"),
    VERIFIER_FOLDER(
            "",
            Kind.TEXT,
            "a verifier that migr train verifier wrote, to read explanations by; empty: the shipped one"),
    TRAINER_GROUP("trainer", Kind.TEXT, "consumer group of the trainers; the one that is assigned runs the rounds"),
    TRAINER_FOLDER("", Kind.TEXT, "where rounds keep their files; empty: training beside the data folder"),
    TRAINER_NEW_EXAMPLES("100", Kind.COUNT, "a round begins when so many labelled examples are new"),
    TRAINER_EVERY_MINUTES("0", Kind.NUMBER, "a round also begins so often, if any example is new; 0: never"),
    TRAINER_RECORDS("4000", Kind.COUNT, "newest examples that a round looks through"),
    TRAINER_WINDOW(
            "600", Kind.COUNT, "most labelled clips that a round learns from, as many of each emotion as can be"),
    TRAINER_HELD_OUT("200", Kind.COUNT, "most held-out labelled clips that a round is judged by"),
    TRAINER_REHEARSAL_CLIPS("512", Kind.COUNT, "clips of the corpus that a round rehearses"),
    TRAINER_REHEARSAL_PERCENT("50", Kind.NUMBER, "their share of what is learned from, 0 to 95"),
    TRAINER_STEPS("60", Kind.NUMBER, "steps of fine-tuning, of 16 clips each"),
    TRAINER_LEARNING_RATE("0.001", Kind.DECIMAL, "its highest learning rate"),
    TRAINER_REWARD_STEPS("10", Kind.NUMBER, "steps of reward optimisation, of 8 clips with 8 explanations each"),
    TRAINER_REWARD_LEARNING_RATE("0.00002", Kind.DECIMAL, "its learning rate"),
    TRAINER_PARENT_PERCENT(
            "40",
            Kind.NUMBER,
            "the live model's share in a candidate's weights, 0 to 95; more keeps more of what it can do"),
    TRAINER_VALIDATION_CLIPS("300", Kind.COUNT, "clips of the corpus that a round is judged by, 20 to 1000"),
    TRAINER_SEED("17", Kind.NUMBER, "decides every draw of a round"),
    TRAINER_THREADS("1", Kind.COUNT, "threads that a round computes with; the same number gives the same weights"),
    DEAD_LETTERS_MAX_RETRIES("3", Kind.COUNT, "how often a record may be sent again before it is quarantined"),
    DATA_FOLDER("", Kind.TEXT, "data of the embedded broker; empty: ~/.migr/data"),
    EMBEDDED_KAFKA_PORT("9092", Kind.NUMBER, "port of the embedded broker; 0: any"),
    EMBEDDED_REGISTRY_PORT("8081", Kind.NUMBER, "port of the embedded registry; 0: any"),
    HTTP_HOST("127.0.0.1", Kind.TEXT, "where health and metrics listen"),
    HTTP_PORT("8090", Kind.NUMBER, "port of health and metrics; 0: any");

    /** What a value must look like. */
    enum Kind {
        TEXT("text"),
        SECRET("text that is not shown"),
        NUMBER("a whole number from 0 on"),
        COUNT("a whole number from 1 on"),
        DECIMAL("a number above 0, such as 0.0002");

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

    /** As in {@code migr.properties}. */
    public String property() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** As a flag, without the dashes. */
    public String flag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String fallback() {
        return fallback;
    }

    /** One line for {@code migr config}. */
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

    /** What is wrong with a value; null: nothing. */
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
