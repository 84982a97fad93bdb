/**
 * Whether a candidate may take the place of the live model: decided from outcomes of both on the same clips, with the
 * numbers that decided. Outcomes come from {@code measure}; what is done with the verdict is the service's.
 */
package io.migr.trainer.promotion;
