package io.migr.schemas;

import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;

/**
 * The catalogue of topics: the only place that names them. Keys are strings, {@code callId/participantId} for records
 * about a clip. The broker stores topics for outside clients uncompressed, whatever the producer does, because some
 * clients support no compression but gzip.
 */
public enum Topic {
    CLIPS("clips", ClipSegment.class, Duration.ofDays(1), Readers.MIGR_ONLY),
    VISUAL_FEATURES("visual-features", VisualFeatures.class, Duration.ofDays(7), Readers.MIGR_ONLY),
    AUDIO_FEATURES("audio-features", AudioFeatures.class, Duration.ofDays(7), Readers.MIGR_ONLY),
    INFERENCE_REQUESTS("inference-requests", InferenceRequest.class, Duration.ofDays(7), Readers.MIGR_ONLY),
    PREDICTIONS("predictions", EmotionPrediction.class, Duration.ofDays(30), Readers.ANY_CLIENT),
    EXPLANATIONS("explanations", EmotionExplanation.class, Duration.ofDays(30), Readers.ANY_CLIENT),
    TIMELINE("timeline", EmotionTimeline.class, Duration.ofDays(30), Readers.ANY_CLIENT),
    /** Kept longer than requests: a training example is made from a label and its request. */
    FEEDBACK("feedback", LabelFeedback.class, Duration.ofDays(30), Readers.ANY_CLIENT),
    /** Contain their requests and are kept longer, so that training can be repeated after the requests are gone. */
    TRAINING_EXAMPLES("training-examples", TrainingExample.class, Duration.ofDays(30), Readers.MIGR_ONLY),
    /** One partition: the trainer it is assigned to runs the training rounds, one after another. */
    TRAINING_REQUESTS("training-requests", TrainingRequest.class, Duration.ofDays(7), Readers.ANY_CLIENT),
    TRAINING_PROGRESS("training-progress", TrainingProgress.class, Duration.ofDays(30), Readers.ANY_CLIENT),
    /** Compacted, keyed by version: the last record of a version is its current state. */
    MODEL_VERSIONS("model-versions", ModelVersion.class, null, Readers.ANY_CLIENT),
    /** Values are the bytes of the original record, in whatever format. */
    DEAD_LETTERS("dead-letters", null, Duration.ofDays(30), Readers.ANY_CLIENT),
    /** Compacted, keyed by replay: what each replay reads, fixed when it starts. */
    REPLAYS("replays", ReplayPlan.class, null, Readers.MIGR_ONLY),
    /** Predictions of replays; the headers of a record name the replay and which of its two versions predicted. */
    REPLAY_PREDICTIONS("replay-predictions", EmotionPrediction.class, Duration.ofDays(30), Readers.ANY_CLIENT),
    REPLAY_EXPLANATIONS("replay-explanations", EmotionExplanation.class, Duration.ofDays(30), Readers.ANY_CLIENT),
    /** Requests that a replay could not analyse. Unlike the service's dead letters, they are never retried. */
    REPLAY_DEAD_LETTERS("replay-dead-letters", null, Duration.ofDays(30), Readers.ANY_CLIENT),
    /** Which dead letters were retried, keyed by {@code partition:offset}; kept longer than the dead letters. */
    DEAD_LETTER_RETRIES("dead-letter-retries", null, Duration.ofDays(60), Readers.MIGR_ONLY);

    /** Who reads a topic, which decides how the broker compresses it. */
    private enum Readers {
        MIGR_ONLY("producer"),
        ANY_CLIENT("uncompressed");

        private final String compression;

        Readers(String compression) {
            this.compression = compression;
        }
    }

    /** Largest record, bytes; the broker's limit is the same. */
    public static final int MAX_MESSAGE_BYTES = 16 << 20;

    private final String suffix;
    private final Class<? extends SpecificRecord> value;
    private final Duration retention;
    private final Readers readers;

    Topic(String suffix, Class<? extends SpecificRecord> value, Duration retention, Readers readers) {
        this.suffix = suffix;
        this.value = value;
        this.retention = retention;
        this.readers = readers;
    }

    /** The name on the broker, e.g. {@code migr.clips} for the prefix {@code migr.}. */
    public String name(String prefix) {
        return prefix + suffix;
    }

    /** The record class of its values; null if they are raw bytes. */
    public Class<? extends SpecificRecord> value() {
        return value;
    }

    /** Whether only the last record of each key is kept, without a time limit. */
    public boolean compacted() {
        return retention == null;
    }

    /**
     * Whether it has one partition whatever is configured: either because all readers must agree on which of two
     * records came last, or because only one reader may act on them.
     */
    public boolean single() {
        return compacted() || this == TRAINING_REQUESTS;
    }

    /** Whether only other programs and commands write it, so that services must bear what schema they registered. */
    public boolean isOnlyRead() {
        return this == CLIPS || this == FEEDBACK;
    }

    /** How long records are kept unless configured otherwise; null if the topic is compacted. */
    public Duration retention() {
        return retention;
    }

    /** The topic's {@code compression.type}: {@code producer} keeps records as the producer compressed them. */
    public String compression() {
        return readers.compression;
    }
}
