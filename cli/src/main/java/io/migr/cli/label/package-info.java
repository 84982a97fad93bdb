/** {@code migr label}: labels from the command line or a file become feedback records. */
package io.migr.cli.label;
