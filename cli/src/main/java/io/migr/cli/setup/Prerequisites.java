package io.migr.cli.setup;

import io.migr.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * What a service needs before it starts: a broker that answers, topics, and registered schemas. Whatever is away is
 * asked again until it answers. What waiting cannot help, such as a refused password or schema, is an exception.
 */
public final class Prerequisites {
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** How often it is said again what is missing. */
    private static final long AGAIN_NS = Duration.ofSeconds(30).toNanos();

    private final KafkaClients clients;
    private final Consumer<String> lines;
    private volatile String missing;
    private long said;

    /** Creates an object that says by {@code lines} what it waits for. */
    public Prerequisites(KafkaClients clients, Consumer<String> lines) {
        this.clients = clients;
        this.lines = lines;
    }

    /** What the service is waiting for, or what has gone since; empty: nothing. */
    public Optional<String> missing() {
        return Optional.ofNullable(missing).or(clients::registryProblem);
    }

    /**
     * Waits until everything is there, without limit.
     *
     * @param written the topics that the service writes, see {@link KafkaClients#ensureSchemas}
     * @throws KafkaException if waiting does not help
     */
    public void await(Map<String, Class<? extends SpecificRecord>> written) throws InterruptedException {
        repeat(() -> clients.reachBroker(ANSWER));
        repeat(clients::ensureTopics);
        repeat(clients::compareTopics);
        repeat(() -> clients.ensureSchemas(written));
    }

    private void repeat(Runnable step) throws InterruptedException {
        while (true) {
            try {
                step.run();
                missing = null;
                return;
            } catch (KafkaException e) {
                if (!isTemporary(e)) {
                    throw e;
                }
                boolean told = missing != null && System.nanoTime() - said < AGAIN_NS;
                missing = e.getMessage();
                if (!told) {
                    lines.accept(missing + " It is tried again until it succeeds.");
                    said = System.nanoTime();
                }
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }

    private static boolean isTemporary(KafkaException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof AuthenticationException) {
                return false;
            }
            // a broker's name may be unknown until it has been started
            boolean unknown = cause instanceof ConfigException
                    && String.valueOf(cause.getMessage()).contains("resolvable");
            if (unknown || cause instanceof RetriableException) {
                return true;
            }
        }
        return false;
    }
}
