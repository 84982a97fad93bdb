/**
 * What every resumable training run needs: a checkpoint that is replaced atomically, and a journal of metrics that a
 * resumed run continues without duplicate lines.
 */
package io.migr.trainer.run;
