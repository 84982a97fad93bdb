package io.migr.trainer.sft;

import io.migr.corpus.CueAnnotation;
import io.migr.corpus.Split;
import io.migr.corpus.people.PeopleClip;

/**
 * The clips of a split in cue space, drawn when they are asked for. They have no media: a network of cues reads the
 * annotation.
 *
 * @param split of the corpus
 */
public record PeopleLibrary(Split split) implements ClipLibrary {
    /** Clips of a split that may be used: drawing them costs nothing, so a run need not see one twice. */
    public static final int MOST = 500_000;

    @Override
    public CueAnnotation annotation(int clip) {
        return CueAnnotation.Reported.of(PeopleClip.of(split.seed(clip)));
    }

    @Override
    public byte[] picture(int clip, int frame) {
        throw new UnsupportedOperationException("Clips in cue space have no pictures.");
    }

    @Override
    public float[] logMel(int clip) {
        throw new UnsupportedOperationException("Clips in cue space have no sound.");
    }
}
