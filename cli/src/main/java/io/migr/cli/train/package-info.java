/** {@code migr train}: asks the trainer for a round, repeats one, or trains base weights and the verifier. */
package io.migr.cli.train;
