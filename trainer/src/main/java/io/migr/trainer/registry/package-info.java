/**
 * Who may become live. A change reads all versions, checks, and writes records to {@code model-versions} in one
 * transaction; the command line and the promotion gate come in here, workers and console read what comes out.
 */
package io.migr.trainer.registry;
