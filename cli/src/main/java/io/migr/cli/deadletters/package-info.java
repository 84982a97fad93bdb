/** {@code migr dead-letters}: records that could not be used, listed, shown and sent again. */
package io.migr.cli.deadletters;
