/**
 * Which model is live, and where its files are. Versions come from the topic {@code model-versions}, which this
 * package only reads; who may change them is the trainer's affair. It lies here because worker and trainer both need it
 * and never see each other. What is in a model is known to neither: an artifact is three files and a hash.
 */
package io.migr.runtime.models;
