package io.migr.worker;

import io.migr.model.ClipAnalyser;

/**
 * The model that serves, and the one that is to take its place. Closing a model under a running call kills the JVM, so
 * the inference thread alone swaps, between two batches, and closes the old one there.
 */
final class ServingModel implements AutoCloseable {
    private final Runnable wake;
    private ClipAnalyser serving;
    private ClipAnalyser next;
    private boolean closed;

    /**
     * Starts with a model.
     *
     * @param wake gets the inference thread to call {@link #current} soon, also when nothing is to be analysed
     */
    ServingModel(ClipAnalyser first, Runnable wake) {
        serving = first;
        this.wake = wake;
    }

    /**
     * Hands a model over and returns when it serves and the one before is closed, so that there are never three.
     *
     * @return false when the worker has ended; the model is closed then
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

    /** The model for the next batch; called by the inference thread with no batch on its way. */
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

    /** Called by the inference thread when it is done. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        serving.close();
    }
}
