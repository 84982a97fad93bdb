/** {@code migr replay}: runs a replay or joins one, shows its progress and writes its report. */
package io.migr.cli.replay;
