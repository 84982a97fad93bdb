/**
 * Who reads explanations. The verifier reads sentences for rewards and for the service; the judges read whole
 * explanations for metrics, and share neither architecture, seed nor sentences with it: a policy that learnt to please
 * the verifier has not thereby pleased a judge. Text enters, emotions leave.
 */
package io.migr.trainer.judge;
