/**
 * Rounds of learning from labelled examples: ranges of {@code training-examples} are frozen, a candidate is trained from
 * the live model on them and on rehearsed corpus clips, both are measured, the gate decides, and the registry is told.
 * {@link io.migr.trainer.round.TrainerService} decides when; a {@link io.migr.trainer.round.Round} is a chain of files in
 * a folder, each a function of those before it, so a round that was killed goes on where it was and ends in the same
 * bytes. Media leaves the folder when a round has ended.
 */
package io.migr.trainer.round;
