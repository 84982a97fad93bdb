package io.migr.trainer.round;

import io.migr.corpus.CueAnnotation;
import io.migr.trainer.feedback.FeedbackLibrary;
import io.migr.trainer.sft.ClipLibrary;
import java.io.IOException;

/**
 * Labelled clips and corpus clips as one library with fixed shares. Clip numbers are slots: of {@value #SLOTS} slots, a
 * given percentage refers to corpus clips. All clips of a kind have the same number of slots, or one more.
 */
final class ClipMixture implements ClipLibrary {
    /** Number of slots. */
    static final int SLOTS = 10_000;

    private final FeedbackLibrary feedback;
    private final ClipLibrary corpus;
    private final int corpusClips;
    private final int corpusSlots;

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
        corpusSlots = SLOTS / 100 * percent;
    }

    /** Whether a slot refers to a corpus clip, which rehearses what the model has learned before. */
    private boolean isRehearsed(int slot) {
        return slot < corpusSlots;
    }

    private int clip(int slot) {
        return isRehearsed(slot) ? slot % corpusClips : (slot - corpusSlots) % feedback.size();
    }

    /** The id of the labelled clip in a slot; null: the slot holds a corpus clip. */
    String labelled(int slot) {
        return isRehearsed(slot) ? null : feedback.id(clip(slot));
    }

    private ClipLibrary library(int slot) {
        return isRehearsed(slot) ? corpus : feedback;
    }

    @Override
    public CueAnnotation annotation(int slot) {
        return library(slot).annotation(clip(slot));
    }

    @Override
    public byte[] picture(int slot, int frame) throws IOException {
        return library(slot).picture(clip(slot), frame);
    }

    @Override
    public float[] logMel(int slot) throws IOException {
        return library(slot).logMel(clip(slot));
    }
}
