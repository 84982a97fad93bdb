/**
 * Training of the network on the procedural corpus. Clips come from {@code corpus}, the network from {@code model};
 * weights and a metrics file go out. What says how good they are is in {@code measure} and {@code judge}, how that is
 * shown in {@code report}, and clips that others published come from {@code benchmark}.
 */
package io.migr.trainer;
