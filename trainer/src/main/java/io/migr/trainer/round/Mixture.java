package io.migr.trainer.round;

import io.migr.corpus.CueAnnotation;
import io.migr.trainer.feedback.FeedbackLibrary;
import io.migr.trainer.sft.ClipLibrary;
import java.io.IOException;


/**
 * Labelled clips and clips of the corpus as one library in which each has its share: of {@value #SLOTS} numbers, so many
 * stand for clips of the corpus, and the clips of each side have the same number of numbers, give or take one.
 */
final class Mixture implements ClipLibrary {
    /** How many numbers there are. */
    static final int SLOTS = 10_000;

    private final FeedbackLibrary feedback;
    private final ClipLibrary corpus;
    private final int corpusClips;
    private final int rehearsed;

    /**
     * Mixes.
     *
     * @param feedback at least one clip
     * @param corpusClips how many clips of the corpus
     * @param percent the corpus' share
     */
    Mixture(FeedbackLibrary feedback, ClipLibrary corpus, int corpusClips, int percent) {
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

    /** The id of the labelled clip that a number stands for; null: it stands for one of the corpus. */
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
