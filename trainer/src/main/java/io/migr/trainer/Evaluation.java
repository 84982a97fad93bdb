package io.migr.trainer;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.GenerativeModel;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.features.LogMel;
import io.migr.model.Analysis;
import io.migr.model.ClipAnalyser;
import io.migr.model.Explanation.Finish;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Runs an analyser over clips of a split, as features would deliver them, and sets results beside the truth. */
public final class Evaluation {
    private static final int BATCH = 16;

    private final GenerativeModel bayes = new GenerativeModel();

    /**
     * Evaluates the first {@code count} clips of a split.
     *
     * @param progress told how many clips are done
     */
    public List<Outcome> run(ClipAnalyser analyser, Split split, int count, IntConsumer progress) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int from = 0; from < count; from += BATCH) {
            List<RenderedClip> clips = render(split, from, Math.min(count, from + BATCH));
            List<Analysis> analyses = analyser.analyse(
                            clips.stream().map(RenderedClip::input).toList())
                    .analyses();
            for (int i = 0; i < clips.size(); i++) {
                outcomes.add(outcome(clips.get(i).truth(), analyses.get(i)));
            }
            progress.accept(outcomes.size());
        }
        return outcomes;
    }

    /** Clips {@code from} to {@code to} of a split, rendered on all processors. */
    static List<RenderedClip> render(Split split, int from, int to) {
        return IntStream.range(from, to)
                .parallel()
                .mapToObj(i -> RenderedClip.of(split.seed(i), new LogMel()))
                .toList();
    }

    private Outcome outcome(ClipTruth truth, Analysis analysis) {
        return new Outcome(
                truth.regime().label(),
                truth.label(),
                bayes.posterior(truth).best(),
                truth.oracle(),
                analysis.emotion(),
                analysis.explanation().answer(),
                analysis.explanation().assertedEmotion(),
                analysis.importance().dominant(),
                analysis.explanation().steps().get(0).modality(),
                analysis.explanation().finish() == Finish.STOP);
    }
}
