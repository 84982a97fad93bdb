/**
 * Rounds of training on labelled examples: ranges of {@code training-examples} are fixed, a candidate is trained from
 * the live model on them and on corpus clips for rehearsal, both models are evaluated, the gate decides, and the result
 * is published to the registry. {@link io.migr.trainer.round.TrainerService} decides when a round runs; a {@link
 * io.migr.trainer.round.Round} is a chain of files in a folder, each a function of those before it, so a round that was
 * killed can be resumed and produces the same bytes. Media is deleted from the folder when a round has ended.
 */
package io.migr.trainer.round;
