package io.migr.trainer.grpo;

import io.migr.trainer.reward.Target;

/**
 * One clip to explain.
 *
 * @param clip its number, as {@link ClipTokens} knows it
 * @param video its pictures are shown to the decoder
 * @param audio its sound is
 * @param target what completions are held to
 */
public record Task(int clip, boolean video, boolean audio, Target target) {}
