package io.migr.evaluation.measure;

import io.migr.model.Dominance;
import io.migr.model.ModalityImportance.Estimator;
import java.util.List;

/** Predicted probabilities compared with what was observed, computed from outcomes. */
public final class Calibrations {
    private Calibrations() {}

    private record Cases(double[] said, boolean[] happened) {
        Reliability reliability() {
            return Reliability.of(said, happened, Reliability.BINS);
        }
    }

    /** The probability of the predicted emotion compared with how often the prediction is right. */
    public static Reliability emotion(List<Outcome> clips) {
        List<Outcome> given = clips.stream()
                .filter(clip -> !clip.prediction().probabilities().isEmpty())
                .toList();
        double[] said = new double[given.size()];
        boolean[] right = new boolean[said.length];
        for (int i = 0; i < said.length; i++) {
            Outcome clip = given.get(i);
            said[i] = clip.prediction().probabilities().get(clip.prediction().emotion());
            right[i] = Perspective.SERVED.right(clip);
        }
        return new Cases(said, right).reliability();
    }

    /** The face's share compared with how often the face truly leads, over clips on which one modality truly leads. */
    public static Reliability importance(List<Outcome> clips, Estimator estimator) {
        return cases(clips, estimator).reliability();
    }

    static double auroc(List<Outcome> clips, Estimator estimator) {
        Cases cases = cases(clips, estimator);
        return Ranking.auroc(cases.said(), cases.happened());
    }

    private static Cases cases(List<Outcome> clips, Estimator estimator) {
        List<Outcome> decided = clips.stream()
                .filter(clip ->
                        clip.truth().decided() && clip.prediction().weighings().containsKey(estimator))
                .toList();
        double[] said = new double[decided.size()];
        boolean[] visual = new boolean[said.length];
        for (int i = 0; i < said.length; i++) {
            Outcome clip = decided.get(i);
            said[i] = clip.prediction().weighings().get(estimator).visualShare();
            visual[i] = clip.truth().oracle() == Dominance.VISUAL;
        }
        return new Cases(said, visual);
    }
}
