/**
 * What every resumable training run needs: a checkpoint that is replaced atomically, and a journal of
 * metrics in which no step occurs twice after a run is resumed.
 */
package io.migr.trainer.run;
