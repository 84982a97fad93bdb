/** {@code migr watch}: results from the topics, as text or JSON. */
package io.migr.cli.watch;
