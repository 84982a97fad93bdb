/**
 * Determines which emotions a sentence asserts. Serving uses it to check an explanation against
 * its prediction, training to compute rewards. Text enters, emotions leave.
 */
package io.migr.model.verify;
