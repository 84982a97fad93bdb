package io.migr.evaluation.measure;

import io.migr.model.Dominance;
import io.migr.model.ModalityImportance.Estimator;
import java.util.List;

/** Computes reliability diagrams from outcomes: how often predicted probabilities come true. */
public final class Calibrations {
    private Calibrations() {}

    /** Predicted probabilities of an event, and whether it happened. */
    private record Cases(double[] predicted, boolean[] happened) {
        Reliability reliability() {
            return Reliability.of(predicted, happened, Reliability.BINS);
        }
    }

    /** The probability of the predicted emotion compared with how often the prediction is right. */
    public static Reliability emotion(List<Outcome> clips) {
        List<Outcome> given = clips.stream()
                .filter(clip -> !clip.prediction().probabilities().isEmpty())
                .toList();
        double[] predicted = new double[given.size()];
        boolean[] right = new boolean[predicted.length];
        for (int i = 0; i < predicted.length; i++) {
            Outcome clip = given.get(i);
            predicted[i] =
                    clip.prediction().probabilities().get(clip.prediction().emotion());
            right[i] = Perspective.SERVED.right(clip);
        }
        return new Cases(predicted, right).reliability();
    }

    /** The face's share compared with how often the face truly leads, over the clips in which one modality leads. */
    public static Reliability importance(List<Outcome> clips, Estimator estimator) {
        return cases(clips, estimator).reliability();
    }

    /** How well the face's share ranks face-led above voice-led clips, {@link Ranking#auroc}. */
    static double auroc(List<Outcome> clips, Estimator estimator) {
        Cases cases = cases(clips, estimator);
        return Ranking.auroc(cases.predicted(), cases.happened());
    }

    private static Cases cases(List<Outcome> clips, Estimator estimator) {
        List<Outcome> decided = clips.stream()
                .filter(clip ->
                        clip.truth().decided() && clip.prediction().weighings().containsKey(estimator))
                .toList();
        double[] predicted = new double[decided.size()];
        boolean[] visual = new boolean[predicted.length];
        for (int i = 0; i < predicted.length; i++) {
            Outcome clip = decided.get(i);
            predicted[i] = clip.prediction().weighings().get(estimator).visualShare();
            visual[i] = clip.truth().oracle() == Dominance.VISUAL;
        }
        return new Cases(predicted, visual);
    }
}
