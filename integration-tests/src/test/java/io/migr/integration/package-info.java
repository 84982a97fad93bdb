/**
 * The rooms together: on a real broker, killed, fed with broken input, and beside clients that others
 * wrote. All tests share one broker; each has topics of its own.
 */
package io.migr.integration;
