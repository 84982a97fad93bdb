/**
 * The {@code migr} command: one class a command, every class registered in {@link io.migr.cli.Migr}.
 * Commands wire services together and print; what they run lives in the other rooms.
 */
package io.migr.cli;
