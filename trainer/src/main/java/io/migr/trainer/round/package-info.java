/**
 * Rounds of learning from labelled examples. Ranges of {@code training-examples} are frozen, a candidate
 * is trained from the live model on them and on rehearsed corpus clips, both are measured, the gate
 * decides, and the registry records the verdict. {@link io.migr.trainer.round.TrainerService} decides
 * when; a {@link io.migr.trainer.round.Round} is a chain of files in a folder, each a function of those
 * before it, so that a killed round resumes and ends in the same bytes.
 */
package io.migr.trainer.round;
