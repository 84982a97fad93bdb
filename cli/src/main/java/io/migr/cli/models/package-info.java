/** {@code migr models}: lists, shows, imports, exports, promotes, rolls back and retires model versions. */
package io.migr.cli.models;
