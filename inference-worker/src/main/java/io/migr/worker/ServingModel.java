package io.migr.worker;

import io.migr.model.ClipAnalyser;

/**
 * Holds the model that serves and the one that will replace it. Closing a model during a call crashes the JVM, so only
 * the inference thread swaps models, between two batches, and closes the old one.
 */
final class ServingModel implements AutoCloseable {
    private final Runnable wake;
    private ClipAnalyser serving;
    private ClipAnalyser next;
    private boolean closed;

    /**
     * Starts with the given model.
     *
     * @param wake makes the inference thread call {@link #current} soon, even if there is nothing to analyse
     */
    ServingModel(ClipAnalyser first, Runnable wake) {
        serving = first;
        this.wake = wake;
    }

    /**
     * Hands over a model and returns when it serves and the previous one is closed, so there are never three models.
     *
     * @return false if the worker has stopped; the model is then closed
     */
    synchronized boolean replace(ClipAnalyser model) throws InterruptedException {
        next = model;
        wake.run();
        while (next == model && !closed) {
            wait();
        }
        if (next == model) {
            next = null;
            model.close();
            return false;
        }
        return true;
    }

    /** The model for the next batch; called by the inference thread while no batch is in flight. */
    synchronized ClipAnalyser current() {
        if (next != null) {
            ClipAnalyser old = serving;
            serving = next;
            next = null;
            notifyAll();
            old.close();
        }
        return serving;
    }

    /** Closes the model; called by the inference thread when it ends. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        serving.close();
    }
}
