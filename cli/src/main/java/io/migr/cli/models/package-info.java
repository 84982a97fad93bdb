/** {@code migr models}: the versions of the model, listed, imported, promoted, rolled back, retired, exported. */
package io.migr.cli.models;
