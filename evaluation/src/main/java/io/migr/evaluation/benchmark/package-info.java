/**
 * Published benchmarks in the layout in which their owners distribute them: DFEW and MAFW. A folder
 * enters; labelled clips leave, with a list of everything in the folder that could not be used.
 */
package io.migr.evaluation.benchmark;
