/**
 * Compares the results of a replay: the same clips under two versions of the model, compared one clip after another so
 * that memory does not grow with their number. The replay command passes records in; numbers and a page come out.
 */
package io.migr.trainer.replay;
