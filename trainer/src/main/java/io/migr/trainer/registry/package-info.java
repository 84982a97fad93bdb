/**
 * Decides which model version is live. A change reads all versions, checks the rules, and writes records to {@code
 * model-versions} in one transaction. The command line and the promotion gate make changes; workers and the console
 * read the records.
 */
package io.migr.trainer.registry;
