/** {@code migr up}, {@code demo} and {@code serve}: services in this process. */
package io.migr.cli.serve;
