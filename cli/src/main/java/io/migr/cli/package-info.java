/**
 * The {@code migr} command. Each command is one class, registered in {@link io.migr.cli.Migr}, in a
 * package by topic. Commands wire services together and print; the work is done in the other rooms.
 */
package io.migr.cli;
