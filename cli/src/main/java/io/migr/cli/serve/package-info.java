/** {@code migr up}, {@code demo} and {@code serve}: run the services in this process. */
package io.migr.cli.serve;
