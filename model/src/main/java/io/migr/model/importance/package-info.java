/**
 * How modality importance is decided: from predictions with and without each modality to shares, a
 * dominant modality, or balance.
 */
package io.migr.model.importance;
