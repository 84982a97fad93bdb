/**
 * The words of an explanation: prompt, tokenizer, grammar, the sentences for measured cues, and the
 * constraint that keeps generated text inside the grammar.
 */
package io.migr.model.explain;
