/**
 * Which model is live, and where its files are. {@code model-versions} is read here, and changed here in
 * one transaction by the command line and by the promotion gate. What is in a model is not known here:
 * an artifact is three files and a hash.
 */
package io.migr.runtime.models;
