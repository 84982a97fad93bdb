/**
 * What commands share: where the installation lies, settings from flags, environment and file, and the
 * services a command starts in this process.
 */
package io.migr.cli.setup;
