/** Configuration: the catalogue of keys, where a value came from, and every problem reported at once. */
package io.migr.runtime.config;
