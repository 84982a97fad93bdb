/** {@code migr feed}: cuts recordings into segments and sends them to the clips topic. */
package io.migr.cli.feed;
