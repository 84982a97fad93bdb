/**
 * Judges read whole explanations for metrics. They share neither architecture, seed nor sentences with
 * the verifier that rewards use, so a policy that exploits the verifier's errors gains nothing with a
 * judge. Text enters, emotions leave. The verifier is trained and tested here too.
 */
package io.migr.evaluation.judge;
