package io.migr.runtime;

/**
 * Something that runs until it is closed.
 *
 * <ol>
 *   <li>{@link #start} returns at once or throws; it is called once.
 *   <li>{@link #ready} turns true when partitions are assigned and everything is warm, and may turn false again.
 *   <li>{@link #failure} is not null once the service has stopped by itself.
 *   <li>{@link #close} ends it in order; work that was not committed is done again by whoever comes next.
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
