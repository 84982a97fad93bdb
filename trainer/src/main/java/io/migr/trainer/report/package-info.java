/**
 * How measurements are shown: a table on the terminal, one JSON object, one HTML page that needs nothing but itself.
 * Measurements enter, text leaves. Plots are SVG written here, coloured by the page so that they follow light and dark.
 */
package io.migr.trainer.report;
