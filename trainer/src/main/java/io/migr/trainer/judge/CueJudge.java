package io.migr.trainer.judge;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.Cue;
import io.migr.corpus.CueReader;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Modality;
import java.util.List;

/**
 * The second judge, J2: what do the claimed cues speak for, whatever the appraisals say? The text is parsed back to
 * cues and their known likelihoods are multiplied:
 *
 * <pre>
 * j = argmax over y of the product over claimed cues c of p(c | y),     uniform prior
 * </pre>
 *
 * Exact, without learning. Cues alone don't always speak for the label, so it disagrees with reference text too;
 * {@link #reference} gives that floor, and results are to be read against it. The floor is high where all cues count,
 * because a modality that doesn't lead was drawn without regard to the emotion. Whoever knows which one leads knows
 * that its cues alone are evidence: the other form takes the explanation's word for it.
 */
public final class CueJudge implements Judge {

    /** Which claimed cues count. */
    public enum Evidence {
        /** All. */
        ALL,
        /** Those of the modality that the explanation says leads; all where it says neither. */
        LEADING
    }

    private final Evidence evidence;

    /** All cues count. */
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

    /** What the cues of a clip speak for that an annotator would name, who knows what leads. */
    public Emotion reference(ClipTruth clip) {
        return best(Cue.salient(clip), clip.oracle());
    }

    private Emotion best(List<Cue> claimed, Dominance lead) {
        Modality leading = evidence == Evidence.ALL ? null : lead.modality();
        List<Cue> cues = claimed.stream()
                .filter(cue -> leading == null || cue.modality() == leading)
                .toList();
        // without evidence every emotion is as likely as the next
        return cues.stream().allMatch(Cue::absence)
                ? Emotion.NEUTRAL
                : Cue.posterior(cues).best();
    }
}
