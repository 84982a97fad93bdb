/**
 * Rounds of learning from labelled examples. The offsets to read from {@code training-examples} are fixed,
 * a candidate is trained from the live model on these examples and on corpus clips, both models are
 * evaluated, the gate decides, and the registry records the verdict.
 * {@link io.migr.trainer.round.TrainerService} decides when a round starts; a
 * {@link io.migr.trainer.round.Round} is a chain of files in a folder, each a function of those before it,
 * so that a killed round resumes and ends with the same bytes.
 */
package io.migr.trainer.round;
