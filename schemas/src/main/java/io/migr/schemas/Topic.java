package io.migr.schemas;

import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;

/**
 * The catalogue of topics: the one place that names them. Keys are strings, {@code callId/participantId} where a record
 * is about a clip. Topics that outside clients read are uncompressed whatever their producer does, because some clients read nothing but gzip.
 */
public enum Topic {
    CLIPS("clips", ClipSegment.class, Duration.ofDays(1), Readers.OURS),
    VISUAL_FEATURES("visual-features", VisualFeatures.class, Duration.ofDays(7), Readers.OURS),
    AUDIO_FEATURES("audio-features", AudioFeatures.class, Duration.ofDays(7), Readers.OURS),
    INFERENCE_REQUESTS("inference-requests", InferenceRequest.class, Duration.ofDays(7), Readers.OURS),
    PREDICTIONS("predictions", EmotionPrediction.class, Duration.ofDays(30), Readers.ANYBODY),
    EXPLANATIONS("explanations", EmotionExplanation.class, Duration.ofDays(30), Readers.ANYBODY),
    TIMELINE("timeline", EmotionTimeline.class, Duration.ofDays(30), Readers.ANYBODY),
    /** Kept longer than requests: a training example is made from both. */
    FEEDBACK("feedback", LabelFeedback.class, Duration.ofDays(30), Readers.ANYBODY),
    /** Have their requests within: they outlive them, so that training can start from them again. */
    TRAINING_EXAMPLES("training-examples", TrainingExample.class, Duration.ofDays(30), Readers.OURS),
    /** One partition: whoever is assigned it runs the training rounds, one after another. */
    TRAINING_REQUESTS("training-requests", TrainingRequest.class, Duration.ofDays(7), Readers.ANYBODY),
    TRAINING_PROGRESS("training-progress", TrainingProgress.class, Duration.ofDays(30), Readers.ANYBODY),
    /** Compacted, keyed by version: the last record of each says what it is now. */
    MODEL_VERSIONS("model-versions", ModelVersion.class, null, Readers.ANYBODY),
    /** The original record's bytes, whatever they are. */
    DEAD_LETTERS("dead-letters", null, Duration.ofDays(30), Readers.ANYBODY),
    /** Compacted, keyed by replay: what each reads, fixed when it begins. */
    REPLAYS("replays", ReplayPlan.class, null, Readers.OURS),
    /** What replays predict; a record's headers say which replay, and which of its two versions. */
    REPLAY_PREDICTIONS("replay-predictions", EmotionPrediction.class, Duration.ofDays(30), Readers.ANYBODY),
    REPLAY_EXPLANATIONS("replay-explanations", EmotionExplanation.class, Duration.ofDays(30), Readers.ANYBODY),
    /** Requests that a replay could not analyse. They are no dead letters of the service, so nobody sends them again. */
    REPLAY_DEAD_LETTERS("replay-dead-letters", null, Duration.ofDays(30), Readers.ANYBODY),
    /** Which dead letters were sent again, by {@code partition:offset}; longer than any of them is kept. */
    DEAD_LETTER_RETRIES("dead-letter-retries", null, Duration.ofDays(60), Readers.OURS);

    /** Who reads a topic, and so how the broker has to keep it. */
    private enum Readers {
        OURS("producer"),
        ANYBODY("uncompressed");

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

    /** The record class of its values; null where they are raw bytes. */
    public Class<? extends SpecificRecord> value() {
        return value;
    }

    /** Whether the last record of each key is kept for ever, and nothing else. */
    public boolean compacted() {
        return retention == null;
    }

    /**
     * Whether it has one partition whatever is configured: because which of two records came last must be the same for
     * every reader, or because one reader alone may act on them.
     */
    public boolean single() {
        return compacted() || this == TRAINING_REQUESTS;
    }

    /** How long records are kept unless configured otherwise; null where the topic is compacted. */
    public Duration retention() {
        return retention;
    }

    /** The topic's {@code compression.type}: {@code producer} leaves records as they come. */
    public String compression() {
        return readers.compression;
    }
}
