/**
 * Shows an evaluation: as a table on the terminal, as one JSON object, as one self-contained HTML page.
 * Plots are SVG written here, coloured by the page so that they follow light and dark mode.
 */
package io.migr.evaluation.report;
