/**
 * The {@code migr} command: one class for each command, registered in {@link io.migr.cli.Migr}.
 * Commands wire services together and print; the code that they run is in the other modules.
 */
package io.migr.cli;
