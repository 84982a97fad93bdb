/** The sentences about clips: what can be said, explanations to learn from, and the reader that inverts them. */
package io.migr.corpus.text;
