/** Benchmarks of training, for {@code migr bench}. */
package io.migr.lab.bench;
