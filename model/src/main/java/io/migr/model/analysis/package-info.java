/**
 * One clip from features to answer: encode it, measure importance, generate the explanation. {@link
 * io.migr.model.analysis.LocalClipAnalyser} runs these steps in order.
 */
package io.migr.model.analysis;
