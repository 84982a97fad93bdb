package io.migr.replay;

import io.migr.schemas.AvroSafety;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.EmotionProbability;
import io.migr.schemas.StageTimings;
import io.migr.worker.Abstention;
import java.util.EnumMap;
import java.util.Map;

/** One model version's results for one clip. */
public record VersionAnswer(EmotionPrediction prediction, EmotionExplanation explanation) {
    static {
        AvroSafety.set(); // the builders that copy records need the trusted classes too
    }

    Emotion emotion() {
        return prediction.getEmotion();
    }

    /** Whether the version abstained because it needs media and the request carried none. */
    boolean isForWantOfMedia() {
        return Abstention.isForWantOfMedia(prediction);
    }

    /**
     * Whether two answers are the same in every field, floats to the last bit. Timings, batch size and version names
     * are ignored, because they do not describe the clip.
     */
    boolean same(VersionAnswer other) {
        return bare(prediction).equals(bare(other.prediction))
                && bare(explanation).equals(bare(other.explanation));
    }

    /** A copy without the fields that do not describe the clip. */
    private static EmotionPrediction bare(EmotionPrediction prediction) {
        return EmotionPrediction.newBuilder(prediction)
                .setTimings(new StageTimings(0f, 0f, 0f, 0f, 0f, 0))
                .setModelVersion("")
                .build();
    }

    private static EmotionExplanation bare(EmotionExplanation explanation) {
        return EmotionExplanation.newBuilder(explanation).setModelVersion("").build();
    }

    /** Total variation distance between the emotion probabilities, {@code sum |p - q| / 2}, 0..1. */
    double distance(VersionAnswer other) {
        Map<Emotion, Double> differences = new EnumMap<>(Emotion.class);
        for (EmotionProbability one : prediction.getProbabilities()) {
            differences.merge(one.getEmotion(), (double) one.getProbability(), Double::sum);
        }
        for (EmotionProbability one : other.prediction.getProbabilities()) {
            differences.merge(one.getEmotion(), -(double) one.getProbability(), Double::sum);
        }
        return differences.values().stream().mapToDouble(Math::abs).sum() / 2;
    }
}
