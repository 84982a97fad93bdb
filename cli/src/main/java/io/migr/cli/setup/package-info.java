/**
 * What commands share: the folders of the installation, settings from flags, environment and file, and the
 * services a command starts in this process.
 */
package io.migr.cli.setup;
