/**
 * What a replay changed: results of the same clips from two versions of the model, compared one clip after another so
 * that memory does not grow with their number. Records come in from the command, numbers and a page go out.
 */
package io.migr.trainer.replay;
