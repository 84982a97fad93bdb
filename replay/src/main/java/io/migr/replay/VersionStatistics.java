package io.migr.replay;

import io.migr.evaluation.measure.LabelCounts;
import io.migr.schemas.Emotion;
import java.util.Set;
import java.util.TreeSet;

/** How often one side's answers over a range of clips are right, if there are labels, and consistent. */
public final class VersionStatistics {
    private final Set<String> versions = new TreeSet<>();
    private final LabelCounts labelled = new LabelCounts(Emotion.values().length);
    private long clips;
    private long inconsistent;

    void add(VersionAnswer answer, Emotion label) {
        clips++;
        versions.add(answer.prediction().getModelVersion());
        boolean contradicts = answer.prediction().getExplanationEmotion() != answer.emotion();
        inconsistent += contradicts ? 1 : 0;
        if (label != null) {
            labelled.add(label.ordinal(), answer.emotion() == label, contradicts);
        }
    }

    /** The versions that answered; several if recorded results come from before and after a promotion. */
    public Set<String> versions() {
        return Set.copyOf(versions);
    }

    /** Share of clips whose explanation concludes an emotion other than the prediction, or none; NaN without clips. */
    public double inconsistent() {
        return LabelCounts.share(inconsistent, clips);
    }

    /** {@link LabelCounts#ir} over the labelled clips. */
    public double ir() {
        return labelled.ir();
    }

    /** {@link LabelCounts#war} over the labelled clips. */
    public double war() {
        return labelled.war();
    }

    /** {@link LabelCounts#uar} over the labelled clips. */
    public double uar() {
        return labelled.uar();
    }

    long labelled() {
        return labelled.clips();
    }
}
