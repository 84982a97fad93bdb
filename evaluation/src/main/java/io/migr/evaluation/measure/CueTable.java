package io.migr.evaluation.measure;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Claimed cues compared with the truth, in total and per cue.
 *
 * @param total all cues together
 * @param perCue by cue name, without cues that were neither claimed nor salient
 * @param explanations number of explanations that were compared
 */
public record CueTable(Row total, Map<String, Row> perCue, int explanations) {

    /**
     * Counts over clips.
     *
     * @param claimed number of explanations that claim the cue
     * @param correct how many of these are of a clip in which the cue is true
     * @param salient number of clips for which an annotator would name the cue
     * @param recalled how many of these have an explanation that claims it
     */
    public record Row(int claimed, int correct, int salient, int recalled) {
        private static final Row NONE = new Row(0, 0, 0, 0);

        Row plus(int moreClaimed, int moreCorrect, int moreSalient, int moreRecalled) {
            return new Row(
                    claimed + moreClaimed, correct + moreCorrect, salient + moreSalient, recalled + moreRecalled);
        }

        /** correct / claimed; NaN if the cue was never claimed. */
        public double precision() {
            return claimed == 0 ? Double.NaN : correct / (double) claimed;
        }

        /** recalled / salient; NaN if the cue was never salient. */
        public double recall() {
            return salient == 0 ? Double.NaN : recalled / (double) salient;
        }
    }

    /** Counts in total only; clips whose truth is unknown are skipped. */
    public static CueTable of(List<Outcome> clips) {
        int claimed = 0;
        int correct = 0;
        int salient = 0;
        int recalled = 0;
        int explanations = 0;
        for (Outcome clip : clips) {
            Outcome.Claims claims = clip.told().claims();
            if (claims != null) {
                explanations++;
                claimed += claims.claimed().size();
                correct += claims.correct().size();
                salient += claims.salient().size();
                recalled += claims.recalled().size();
            }
        }
        return new CueTable(new Row(claimed, correct, salient, recalled), Map.of(), explanations);
    }

    /** Counts as {@link #of} does, and also per cue. */
    public static CueTable detailed(List<Outcome> clips) {
        CueTable whole = of(clips);
        Map<String, Row> rows = new TreeMap<>();
        for (Outcome clip : clips) {
            Outcome.Claims claims = clip.told().claims();
            if (claims != null) {
                for (String cue : claims.claimed()) {
                    rows.merge(cue, Row.NONE.plus(1, claims.correct().contains(cue) ? 1 : 0, 0, 0), CueTable::sum);
                }
                for (String cue : claims.salient()) {
                    rows.merge(cue, Row.NONE.plus(0, 0, 1, claims.recalled().contains(cue) ? 1 : 0), CueTable::sum);
                }
            }
        }
        return new CueTable(whole.total(), rows, whole.explanations());
    }

    private static Row sum(Row a, Row b) {
        return a.plus(b.claimed(), b.correct(), b.salient(), b.recalled());
    }

    double precision() {
        return total.precision();
    }

    double recall() {
        return total.recall();
    }

    /** Mean number of claims per explanation. */
    double perExplanation() {
        return explanations == 0 ? Double.NaN : total.claimed() / (double) explanations;
    }
}
