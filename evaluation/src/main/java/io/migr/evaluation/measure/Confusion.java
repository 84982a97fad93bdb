package io.migr.evaluation.measure;

import io.migr.model.Emotion;
import java.util.List;

/**
 * Confusion matrix of labels and predictions.
 *
 * @param labels rows: labels that occur
 * @param predictions columns: emotions that occur as a prediction or as a label
 * @param counts {@code [labels][predictions + 1]}; the last column counts texts without an answer
 */
public record Confusion(List<Emotion> labels, List<Emotion> predictions, int[][] counts) {

    /** Counts clips; rows and columns are in the order of the emotions. */
    public static Confusion of(List<Outcome> clips, Perspective view) {
        List<Emotion> labels = clips.stream()
                .map(clip -> clip.truth().label())
                .distinct()
                .sorted()
                .toList();
        List<Emotion> predictions = java.util.Arrays.stream(Emotion.values())
                .filter(emotion ->
                        labels.contains(emotion) || clips.stream().anyMatch(clip -> view.predicted(clip) == emotion))
                .toList();
        int[][] counts = new int[labels.size()][predictions.size() + 1];
        for (Outcome clip : clips) {
            Emotion predicted = view.predicted(clip);
            int column = predicted == null ? predictions.size() : predictions.indexOf(predicted);
            counts[labels.indexOf(clip.truth().label())][column]++;
        }
        return new Confusion(labels, predictions, counts);
    }

    /** Number of clips with the label of a row. */
    public int support(int row) {
        return java.util.Arrays.stream(counts[row]).sum();
    }

    /** Share of a label's clips that were predicted as the emotion of a column, 0..1. */
    public double share(int row, int column) {
        return counts[row][column] / (double) support(row);
    }
}
