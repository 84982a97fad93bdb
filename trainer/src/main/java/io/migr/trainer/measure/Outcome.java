package io.migr.trainer.measure;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import io.migr.model.ModalityImportance.Estimator;
import java.util.List;
import java.util.Map;

/**
 * What came out for one clip, beside its truth. It holds no media and no tensor, can be written as one line of JSON
 * and suffices for every metric.
 *
 * @param clip names the clip: a seed, or a file of a benchmark
 * @param slice what it is reported with, e.g. its regime
 */
public record Outcome(String clip, String slice, Truth truth, Prediction prediction, Told told) {

    /**
     * What is known of the clip.
     *
     * @param label g, what an annotator wrote down
     * @param bayes the best guess from the clip's true cues; null: unknown
     * @param oracle the modality that truly leads; null: unknown
     * @param references what readers who don't go by assertions would find in an ideal explanation, by their names
     */
    public record Truth(Emotion label, Emotion bayes, Dominance oracle, Map<String, Emotion> references) {
        public Truth {
            references = Map.copyOf(references);
        }

        /** The modality that must lead, or null where either may. */
        Modality requiredFirst() {
            return oracle == null ? null : oracle.modality();
        }

        /** Whether one modality truly leads. */
        boolean decided() {
            return oracle != null && oracle != Dominance.BALANCED;
        }
    }

    /**
     * What the model says before it speaks.
     *
     * @param emotion the served prediction
     * @param probabilities over its label set; empty: none were given
     * @param weighings how much face and voice counted, per estimator; empty: not estimated
     */
    public record Prediction(Emotion emotion, Map<Emotion, Double> probabilities, Map<Estimator, Weighing> weighings) {
        public Prediction {
            probabilities = Map.copyOf(probabilities);
            weighings = Map.copyOf(weighings);
        }
    }

    /**
     * How much the face counted by one estimator.
     *
     * @param visualShare 0..1, the voice's share is the rest
     * @param dominant what leads by the estimator's rule
     */
    public record Weighing(double visualShare, Dominance dominant) {}

    /**
     * What the explanation says.
     *
     * @param text as decoded, tags included
     * @param answer the emotion that it ends with; null: it has not the form
     * @param first the modality that it starts with; null: it has not the form
     * @param wellFormed the model completed the grammar itself
     * @param tokens its length
     * @param statements what each reader finds in it, by the reader's name
     * @param claims what it claims to see and hear; null: the truth of claims is unknown
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
     * Claims against truth, as cue names.
     *
     * @param claimed different cues that the explanation names
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
