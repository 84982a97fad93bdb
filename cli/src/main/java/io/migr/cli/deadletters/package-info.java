/** {@code migr dead-letters}: lists, shows and sends again the records that could not be processed. */
package io.migr.cli.deadletters;
