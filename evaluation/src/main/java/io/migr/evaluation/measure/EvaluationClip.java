package io.migr.evaluation.measure;

import io.migr.corpus.ClipAnnotation;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.CueAnnotation;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.people.PeopleClip;
import io.migr.corpus.people.PeoplePosterior;
import io.migr.model.ClipInput;
import io.migr.model.Emotion;

/** A clip to measure a model on.
 *
 * @param name name in outcomes
 * @param slice the group that it is reported in; null to group it by whether face and voice could be used
 * @param input the analyser's input
 * @param annotation what is known of the clip; claims are checked against a {@link ClipTruth}, or against what was
 *     measured
 * @param bayes the best guess from what was measured; null if it is not known, or follows from a {@link ClipTruth}
 */
public record EvaluationClip(String name, String slice, ClipInput input, ClipAnnotation annotation, Emotion bayes) {
    /** A clip of which no best guess is known. */
    public EvaluationClip(String name, String slice, ClipInput input, ClipAnnotation annotation) {
        this(name, slice, input, annotation, null);
    }

    /** A recording with only a label, grouped by whether face and voice could be used. */
    public static EvaluationClip labelled(String name, Emotion label, ClipInput input) {
        return new EvaluationClip(name, null, input, new ClipAnnotation.LabelOnly(label));
    }

    /** The label of the clip. */
    public Emotion label() {
        return annotation.label();
    }

    /** A clip of the corpus in cue space, grouped by whether face and voice could be used. */
    public static EvaluationClip of(PeopleClip clip) {
        return new EvaluationClip(
                String.valueOf(clip.seed()),
                null,
                ClipInput.of(clip.cues().reading()),
                CueAnnotation.Reported.of(clip),
                PeoplePosterior.best(clip.posterior().both()));
    }

    /** A clip of the corpus, grouped by its regime. */
    public static EvaluationClip of(RenderedClip clip) {
        return new EvaluationClip(
                String.valueOf(clip.truth().seed()), clip.truth().regime().label(), clip.input(), clip.truth());
    }
}
