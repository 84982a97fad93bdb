package io.migr.schemas;

import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;

/**
 * The catalogue of topics: the one place that names them. Keys are strings, {@code callId/participantId}. Topics that
 * outside clients read are uncompressed, because some of them read nothing but gzip; video does not shrink anyway.
 */
public enum Topic {
    CLIPS("clips", ClipSegment.class, Duration.ofDays(1)),
    VISUAL_FEATURES("visual-features", VisualFeatures.class, Duration.ofDays(7)),
    AUDIO_FEATURES("audio-features", AudioFeatures.class, Duration.ofDays(7)),
    INFERENCE_REQUESTS("inference-requests", InferenceRequest.class, Duration.ofDays(7)),
    PREDICTIONS("predictions", EmotionPrediction.class, Duration.ofDays(30)),
    EXPLANATIONS("explanations", EmotionExplanation.class, Duration.ofDays(30)),
    TIMELINE("timeline", EmotionTimeline.class, Duration.ofDays(30)),
    /** The original record's bytes, whatever they are. */
    DEAD_LETTERS("dead-letters", null, Duration.ofDays(30));

    /** Largest record, bytes; the broker's limit is the same. */
    public static final int MAX_MESSAGE_BYTES = 16 << 20;

    private final String suffix;
    private final Class<? extends SpecificRecord> value;
    private final Duration retention;

    Topic(String suffix, Class<? extends SpecificRecord> value, Duration retention) {
        this.suffix = suffix;
        this.value = value;
        this.retention = retention;
    }

    /** The name on the broker, e.g. {@code migr.clips} for the prefix {@code migr.}. */
    public String name(String prefix) {
        return prefix + suffix;
    }

    /** The record class of its values; null where they are raw bytes. */
    public Class<? extends SpecificRecord> value() {
        return value;
    }

    /** How long records are kept unless configured otherwise. */
    public Duration retention() {
        return retention;
    }
}
