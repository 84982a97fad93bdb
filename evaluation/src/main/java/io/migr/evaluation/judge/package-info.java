/**
 * Judges read whole explanations for metrics. They share neither architecture, seed nor sentences with
 * the verifier that rewards use: a policy that learnt to please the verifier has not thereby pleased a
 * judge. Text enters, emotions leave.
 */
package io.migr.evaluation.judge;
