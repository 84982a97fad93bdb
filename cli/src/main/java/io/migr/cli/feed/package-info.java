/** {@code migr feed}: recordings become clips on the topic. */
package io.migr.cli.feed;
