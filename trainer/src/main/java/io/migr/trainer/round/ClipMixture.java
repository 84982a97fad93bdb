package io.migr.trainer.round;

import io.migr.corpus.CueAnnotation;
import io.migr.trainer.feedback.FeedbackLibrary;
import io.migr.trainer.sft.ClipLibrary;
import java.io.IOException;

/**
 * Labelled clips and corpus clips as one library with fixed shares: of {@value #SLOTS} slots, a given percentage refers
 * to corpus clips, and the clips of each kind have the same number of slots, give or take one.
 */
final class ClipMixture implements ClipLibrary {
    /** Number of slots. */
    static final int SLOTS = 10_000;

    private final FeedbackLibrary feedback;
    private final ClipLibrary corpus;
    private final int corpusClips;
    private final int rehearsed;

    /**
     * Creates a mixture.
     *
     * @param feedback labelled clips, at least one
     * @param corpusClips number of corpus clips
     * @param percent share of the corpus, percent
     */
    ClipMixture(FeedbackLibrary feedback, ClipLibrary corpus, int corpusClips, int percent) {
        this.feedback = feedback;
        this.corpus = corpus;
        this.corpusClips = corpusClips;
        rehearsed = SLOTS / 100 * percent;
    }

    private boolean isRehearsed(int slot) {
        return slot < rehearsed;
    }

    private int clip(int slot) {
        return isRehearsed(slot) ? slot % corpusClips : (slot - rehearsed) % feedback.size();
    }

    /** The id of the labelled clip in a slot; null: the slot holds a corpus clip. */
    String labelled(int slot) {
        return isRehearsed(slot) ? null : feedback.id(clip(slot));
    }

    private ClipLibrary side(int slot) {
        return isRehearsed(slot) ? corpus : feedback;
    }

    @Override
    public CueAnnotation annotation(int slot) {
        return side(slot).annotation(clip(slot));
    }

    @Override
    public byte[] picture(int slot, int frame) throws IOException {
        return side(slot).picture(clip(slot), frame);
    }

    @Override
    public float[] logMel(int slot) throws IOException {
        return side(slot).logMel(clip(slot));
    }
}
