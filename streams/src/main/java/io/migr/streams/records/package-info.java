/**
 * What every topology needs of records: reading them, refusing them as dead letters without a copy of what must not be
 * kept, and the names and formats of their topics.
 */
package io.migr.streams.records;
