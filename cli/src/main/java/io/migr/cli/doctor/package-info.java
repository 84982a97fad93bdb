/** {@code migr doctor} and {@code migr config}: check this machine and print the configuration. */
package io.migr.cli.doctor;
