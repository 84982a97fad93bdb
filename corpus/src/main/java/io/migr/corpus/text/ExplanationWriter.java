package io.migr.corpus.text;

import io.migr.corpus.CueAnnotation;
import java.util.SplittableRandom;

/** Writes explanations to learn from. */
public interface ExplanationWriter {

    /**
     * The explanation of an annotated clip, in the form of {@link io.migr.model.explain.ExplanationGrammar}.
     *
     * @param random draws the wording, and the order of blocks where it is free
     */
    String write(CueAnnotation clip, SplittableRandom random);
}
