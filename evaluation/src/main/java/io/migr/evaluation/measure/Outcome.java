package io.migr.evaluation.measure;

import io.migr.evaluation.readers.Statement;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import io.migr.model.ModalityImportance.Estimator;
import java.util.List;
import java.util.Map;

/**
 * The result of one clip, with its truth. It holds no media and no tensor, can be written as one line of JSON and is
 * enough to compute every metric.
 *
 * @param clip name of the clip: a seed, or a file of a benchmark
 * @param slice the group that it is reported in, e.g. its regime
 */
public record Outcome(String clip, String slice, Truth truth, Prediction prediction, Told told) {

    /**
     * What is known of a clip.
     *
     * @param label g, the annotator's label
     * @param bayes the best guess from the clip's true cues; null if unknown
     * @param oracle the modality that truly leads; null if unknown
     * @param references what readers that do not read assertions would find in an ideal explanation, by reader name
     */
    public record Truth(Emotion label, Emotion bayes, Dominance oracle, Map<String, Emotion> references) {
        public Truth {
            references = Map.copyOf(references);
        }

        /** The modality that the explanation must start with; null if it may start with either. */
        Modality requiredFirst() {
            return oracle == null ? null : oracle.modality();
        }

        /** Whether one modality truly leads. */
        boolean decided() {
            return requiredFirst() != null;
        }
    }

    /**
     * What the model predicts before it writes an explanation.
     *
     * @param emotion the served prediction
     * @param probabilities over the model's label set; empty if there are none
     * @param weighings modality importance per estimator; empty if it was not estimated
     */
    public record Prediction(Emotion emotion, Map<Emotion, Double> probabilities, Map<Estimator, Weighing> weighings) {
        public Prediction {
            probabilities = Map.copyOf(probabilities);
            weighings = Map.copyOf(weighings);
        }
    }

    /**
     * Modality importance by one estimator.
     *
     * @param visualShare the face's share, 0..1; the voice's share is the rest
     * @param dominant the dominant modality by the estimator's rule
     */
    public record Weighing(double visualShare, Dominance dominant) {}

    /**
     * The explanation that the model wrote, and what was found in it.
     *
     * @param text as decoded, tags included
     * @param answer the emotion in its answer block; null if the text does not follow the grammar
     * @param first the modality that it starts with; null if the text does not follow the grammar
     * @param wellFormed whether the model completed the grammar without being cut off
     * @param tokens its length in tokens
     * @param statements what each reader finds in it, by reader name
     * @param claims the cues that it claims; null if the truth of the clip is unknown
     */
    public record Told(
            String text,
            Emotion answer,
            Modality first,
            boolean wellFormed,
            int tokens,
            Map<String, Statement> statements,
            Claims claims) {
        public Told {
            statements = Map.copyOf(statements);
        }
    }

    /**
     * Claimed cues compared with the truth, by cue name.
     *
     * @param claimed distinct cues that the explanation claims
     * @param correct those of them that are true of the clip
     * @param salient cues that an annotator would name
     * @param recalled those of them that are claimed
     */
    public record Claims(List<String> claimed, List<String> correct, List<String> salient, List<String> recalled) {
        public Claims {
            claimed = List.copyOf(claimed);
            correct = List.copyOf(correct);
            salient = List.copyOf(salient);
            recalled = List.copyOf(recalled);
        }
    }
}
