package io.migr.evaluation.readers;

import io.migr.corpus.ClipTruth;
import io.migr.evaluation.judge.CueJudge;
import io.migr.evaluation.measure.Metric;
import io.migr.model.Emotion;
import io.migr.model.Explanation;

/**
 * The second judge, J2, as a reader of whole texts: the emotion that the claimed cues indicate, whatever is asserted.
 * Even an ideal explanation has errors by this reader: compare its numbers with {@link Metric#REFERENCE_IR}.
 */
public record ClaimReader(CueJudge judge) implements ExplanationReader {

    @Override
    public String name() {
        return judge.name();
    }

    @Override
    public Statement read(Explanation explanation) {
        return new Statement(null, judge.read(explanation), null);
    }

    @Override
    public Emotion reference(ClipTruth clip) {
        return judge.reference(clip);
    }
}
