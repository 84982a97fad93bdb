/** {@code migr replay}: its options, progress and report. */
package io.migr.cli.replay;
