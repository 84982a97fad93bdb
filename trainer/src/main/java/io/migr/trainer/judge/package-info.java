/**
 * Reads emotions from the text of explanations. The verifier reads single sentences for rewards and for the service;
 * the judges read whole explanations for metrics, and share neither architecture, seed nor sentences with it, so a
 * policy that has learnt to satisfy the verifier does not satisfy a judge by that alone. Text enters, emotions leave.
 */
package io.migr.trainer.judge;
