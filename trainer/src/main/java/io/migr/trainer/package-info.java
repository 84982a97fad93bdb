/**
 * Training of the network on the procedural corpus. Clips come from {@code corpus}, the network from {@code model};
 * weights and a metrics file go out. Their quality is measured in {@code measure} and {@code judge} and shown in {@code
 * report}; clips of published benchmarks come from {@code benchmark}.
 */
package io.migr.trainer;
