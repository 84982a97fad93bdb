package io.migr.replay;

import io.migr.evaluation.measure.LabelCounts;
import io.migr.schemas.Dominance;
import io.migr.schemas.Emotion;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Counts over clips that two versions answered. Only the clips that changed most are kept. */
public final class VersionComparison {
    /** Bins of the shift of the face's share, from -1 to 1. */
    public static final int BINS = 20;

    /** The reverse order of {@link #mostChanged}, because the queue removes its least element first. */
    private static final Comparator<ClipChange> LEAST_FIRST = Comparator.comparing(ClipChange::flipped)
            .thenComparing(ClipChange::size)
            .thenComparing(Comparator.comparing(ClipChange::clip).reversed());

    private final int keep;
    private final VersionStatistics before = new VersionStatistics();
    private final VersionStatistics after = new VersionStatistics();
    private final long[][] emotions = new long[Emotion.values().length][Emotion.values().length];
    private final long[][] leads = new long[Dominance.values().length][Dominance.values().length];
    private final long[] shifts = new long[BINS];
    private final PriorityQueue<ClipChange> most = new PriorityQueue<>(LEAST_FIRST);
    private long clips;
    private long withoutMedia;
    private long same;
    private long texts;
    private double shift;
    private double absolute;
    private double largest;
    private long lost;
    private long won;

    /** Creates an empty comparison that keeps the {@code keep} clips that changed most. */
    public VersionComparison(int keep) {
        this.keep = keep;
    }

    /**
     * Counts a clip. Where one of the versions needs media that the request did not carry, nothing is compared: that it
     * abstains says nothing about the version.
     *
     * @param clip {@code callId/participantId/sequence}
     * @param old its results before
     * @param now its results after
     * @param label the emotion that annotators gave it; null if it has no label
     */
    public void add(String clip, VersionAnswer old, VersionAnswer now, Emotion label) {
        if (old.isForWantOfMedia() || now.isForWantOfMedia()) {
            withoutMedia++;
            return;
        }
        ClipChange change = ClipChange.of(clip, old, now, label);
        clips++;
        boolean equal = old.same(now);
        same += equal ? 1 : 0;
        texts += old.explanation().getSteps().equals(now.explanation().getSteps()) ? 1 : 0;
        before.add(old, label);
        after.add(now, label);
        emotions[old.emotion().ordinal()][now.emotion().ordinal()]++;
        leads[lead(old)][lead(now)]++;
        shift += change.shift();
        absolute += Math.abs(change.shift());
        largest = Math.max(largest, Math.abs(change.shift()));
        shifts[bin(change.shift())]++;
        if (label != null) {
            lost += old.emotion() == label && now.emotion() != label ? 1 : 0;
            won += old.emotion() != label && now.emotion() == label ? 1 : 0;
        }
        if (!equal) {
            most.add(change);
            if (most.size() > keep) {
                most.remove();
            }
        }
    }

    private static int lead(VersionAnswer answer) {
        return answer.prediction().getImportance().getDominant().ordinal();
    }

    /** The bin of a shift; the last bin includes its upper end. */
    static int bin(double shift) {
        return (int) Math.max(0, Math.min(BINS - 1, Math.floor((shift + 1) / 2 * BINS)));
    }

    /** Clips that both versions could answer. */
    public long clips() {
        return clips;
    }

    /** Clips that a version could not answer because the request carried no media; they are not among the others. */
    public long withoutMedia() {
        return withoutMedia;
    }

    /** Clips whose answers are the same in every field that describes the clip. */
    public long same() {
        return same;
    }

    /** Clips whose explanations are the same, word for word. */
    public long sameTexts() {
        return texts;
    }

    /** Share of clips with the same emotion before and after. */
    public double agreement() {
        long agree = 0;
        for (int y = 0; y < emotions.length; y++) {
            agree += emotions[y][y];
        }
        return LabelCounts.share(agree, clips);
    }

    /** Clips with emotion {@code old} before and {@code now} after. */
    public long emotions(Emotion old, Emotion now) {
        return emotions[old.ordinal()][now.ordinal()];
    }

    /** Clips with leading modality {@code old} before and {@code now} after. */
    public long leads(Dominance old, Dominance now) {
        return leads[old.ordinal()][now.ordinal()];
    }

    /** Share of clips with the same leading modality before and after. */
    public double sameLead() {
        long agree = 0;
        for (int i = 0; i < leads.length; i++) {
            agree += leads[i][i];
        }
        return LabelCounts.share(agree, clips);
    }

    /** Mean shift of the face's share, -1..1. */
    public double meanShift() {
        return clips == 0 ? Double.NaN : shift / clips;
    }

    /** Mean absolute shift of the face's share, 0..1. */
    public double meanAbsoluteShift() {
        return clips == 0 ? Double.NaN : absolute / clips;
    }

    /** Largest absolute shift of the face's share, 0..1. */
    public double largestShift() {
        return largest;
    }

    /** Clips by shift of the face's share, {@link #BINS} bins. */
    public long[] shifts() {
        return shifts.clone();
    }

    public VersionStatistics before() {
        return before;
    }

    public VersionStatistics after() {
        return after;
    }

    /** Number of labelled clips. */
    public long labelled() {
        return after.labelled();
    }

    /** Labelled clips that were right before and are wrong after. */
    public long lost() {
        return lost;
    }

    /** Labelled clips that were wrong before and are right after. */
    public long won() {
        return won;
    }

    /** The clips that changed most, the most changed one first: flips before others, then by {@link ClipChange#size}. */
    public List<ClipChange> mostChanged() {
        return most.stream().sorted(LEAST_FIRST.reversed()).toList();
    }
}
