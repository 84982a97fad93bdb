/** {@code migr bench}: rates, processor time and latency of the pipeline and of its stages. */
package io.migr.cli.bench;
