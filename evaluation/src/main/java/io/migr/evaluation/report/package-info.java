/**
 * How measurements are shown: a table on the terminal, one JSON object, one self-contained HTML page.
 * Plots are SVG written here, coloured by the page so that they follow light and dark mode.
 */
package io.migr.evaluation.report;
