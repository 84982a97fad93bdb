package io.migr.runtime.service;

/**
 * A part of the system that runs in the background until it is closed.
 *
 * <ol>
 *   <li>{@link #start} is called once and returns immediately or throws.
 *   <li>{@link #ready} becomes true when partitions are assigned and models are warmed up; it may become false again.
 *   <li>{@link #failure} is not null once the service has stopped by itself.
 *   <li>{@link #close} shuts it down cleanly; uncommitted work is repeated by the next instance.
 * </ol>
 */
public interface Service extends AutoCloseable {
    String name();

    void start();

    boolean ready();

    /** Why it stopped by itself; null while it runs. */
    Throwable failure();

    @Override
    void close();
}
