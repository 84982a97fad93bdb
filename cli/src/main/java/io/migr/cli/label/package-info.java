/** {@code migr label}: sends labels from the command line or a file as feedback records. */
package io.migr.cli.label;
