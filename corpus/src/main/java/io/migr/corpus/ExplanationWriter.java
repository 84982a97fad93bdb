package io.migr.corpus;

import java.util.SplittableRandom;

/** Writes the explanation of an annotated clip. */
public interface ExplanationWriter {
    String write(CueAnnotation clip, SplittableRandom random);
}
