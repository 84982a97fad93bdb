/**
 * What every resumable training run needs: a checkpoint that is whole or the one before, and a journal
 * of metrics that a resumed run continues without writing a line twice.
 */
package io.migr.trainer.run;
