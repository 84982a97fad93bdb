/**
 * Finds out which model is live and fetches its files. Versions come from the topic {@code model-versions}, which this
 * package only reads; the trainer decides how they change. It is here because the worker and the trainer both need it
 * and do not depend on each other. This package knows nothing of a model's contents: an artifact is three files and a
 * hash.
 */
package io.migr.runtime.models;
