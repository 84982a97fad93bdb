/** {@code migr doctor} and {@code migr config}: what this machine and this configuration are. */
package io.migr.cli.doctor;
