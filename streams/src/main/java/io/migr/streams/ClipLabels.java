package io.migr.streams;

import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionCount;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.LabelFeedback;
import io.migr.schemas.TrainingExample;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The labels of one clip.
 *
 * @param all the last label of each annotator; at least one
 */
public record ClipLabels(List<LabelFeedback> all) {

    /** The emotion that most annotators chose; in a tie, the one with the newest label. */
    public Emotion emotion() {
        return counts().get(0).getEmotion();
    }

    /** How many annotators chose each emotion: most frequent first, in a tie the one with the newest label. */
    List<EmotionCount> counts() {
        Map<Emotion, Integer> counts = new EnumMap<>(Emotion.class);
        Map<Emotion, Long> newest = new EnumMap<>(Emotion.class);
        for (LabelFeedback label : all) {
            counts.merge(label.getEmotion(), 1, Integer::sum);
            newest.merge(label.getEmotion(), label.getLabelledAt().toEpochMilli(), Math::max);
        }
        return counts.entrySet().stream()
                .map(count -> new EmotionCount(count.getKey(), count.getValue()))
                .sorted(Comparator.comparing(EmotionCount::getAnnotators)
                        .thenComparing(count -> newest.get(count.getEmotion()))
                        .reversed())
                .toList();
    }

    TrainingExample example(InferenceRequest request, EmotionPrediction prediction) {
        List<EmotionCount> counts = counts();
        return new TrainingExample(request.getClip(), request, prediction, emotion(), counts, all, request.getTerms());
    }
}
