/**
 * Shows measurements as a table on the terminal, one JSON object, or one self-contained HTML page. Measurements enter,
 * text leaves. Plots are SVG written here, coloured by the page so that they follow light and dark mode.
 */
package io.migr.trainer.report;
