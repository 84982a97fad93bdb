/** {@code migr watch}: prints results as they arrive, as text or JSON. */
package io.migr.cli.watch;
