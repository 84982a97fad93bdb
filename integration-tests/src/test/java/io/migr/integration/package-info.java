/**
 * Tests of the modules together: on a real broker, with killed processes, invalid input and third-party clients. All
 * tests share one broker; each has its own topics.
 */
package io.migr.integration;
