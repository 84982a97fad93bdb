/**
 * Tests of the rooms together, in processes on a real broker: killed services, broken input, third-party
 * clients. All tests share one broker; each has its own topics.
 */
package io.migr.integration;
