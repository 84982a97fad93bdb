package io.migr.evaluation.judge;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.Cue;
import io.migr.corpus.text.CueReader;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Modality;
import java.util.List;

/**
 * The second judge, J2: the emotion that the claimed cues indicate, whatever the appraisal sentences assert. The text
 * is parsed back into cues and their known likelihoods are multiplied:
 *
 * <pre>
 * j = argmax over y of the product over claimed cues c of p(c | y),     uniform prior
 * </pre>
 *
 * This is exact and needs no training. Cues alone don't always indicate the label, so the judge disagrees even with
 * ideal text; {@link #reference} gives what it reads there, and this disagreement is the floor to compare results with.
 * The floor is high when all cues count, because the cues of a modality that doesn't lead were drawn independently of
 * the emotion. Only the cues of the leading modality are evidence; {@link Evidence#LEADING} counts only these and takes
 * the leading modality from the explanation.
 */
public final class CueJudge implements Judge {

    /** Which claimed cues count. */
    public enum Evidence {
        /** All claimed cues. */
        ALL,
        /** Those of the modality that the explanation names as leading; all cues if it names neither. */
        LEADING
    }

    private final Evidence evidence;

    /** Counts all cues. */
    public CueJudge() {
        this(Evidence.ALL);
    }

    public CueJudge(Evidence evidence) {
        this.evidence = evidence;
    }

    @Override
    public String name() {
        return evidence == Evidence.ALL ? "cues" : "leading_cues";
    }

    @Override
    public Emotion read(Explanation explanation) {
        return best(CueReader.cues(explanation), CueReader.lead(explanation));
    }

    /** The emotion indicated by the cues that an annotator who knows the leading modality would name. */
    public Emotion reference(ClipTruth clip) {
        return best(Cue.salient(clip), clip.oracle());
    }

    private Emotion best(List<Cue> claimed, Dominance lead) {
        Modality leading = evidence == Evidence.ALL ? null : lead.modality();
        List<Cue> cues = claimed.stream()
                .filter(cue -> leading == null || cue.modality() == leading)
                .toList();
        // without evidence all emotions are equally likely
        return cues.stream().allMatch(Cue::absence)
                ? Emotion.NEUTRAL
                : Cue.posterior(cues).best();
    }
}
