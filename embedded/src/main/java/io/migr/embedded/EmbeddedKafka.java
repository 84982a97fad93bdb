package io.migr.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One KRaft broker and controller in this JVM.
 *
 * <ol>
 *   <li>It listens on 127.0.0.1 only.
 *   <li>A restart on the same folder keeps records, offsets and topics, also after the process was killed; transactions
 *       that were open at that moment are aborted when they time out.
 *   <li>A folder belongs to one broker: a second one changes nothing in it.
 *   <li>A start that fails leaves no thread running and throws one {@link EnvironmentException}.
 *   <li>A fatal error of the broker does not halt the JVM; {@link #failed} becomes true.
 * </ol>
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final String LOCK = ".migr.lock";
    private static final String FORMATTED = "meta.properties";
    /** The file that Kafka writes on an orderly shutdown. */
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";

    private static final String LOOPBACK = "127.0.0.1:";
    private static final int NODE = 1;
    private static final Duration UNREGISTER_TIMEOUT = Duration.ofSeconds(30);

    private final KafkaRaftServer server;
    private final int port;
    private final FileChannel lock;
    private final AtomicBoolean failed = new AtomicBoolean();

    private EmbeddedKafka(KafkaRaftServer server, int port, FileChannel lock) {
        this.server = server;
        this.port = port;
        this.lock = lock;
    }

    /**
     * Starts a broker, formatting the folder the first time.
     *
     * @param port for clients; 0 for any free port
     * @param folder the data folder; created if absent
     * @throws EnvironmentException if the port or the folder is in use, or the broker cannot start
     */
    public static EmbeddedKafka start(int port, Path folder) {
        int listener = port == 0 ? freePort() : port;
        refuseUsedPort(listener);
        FileChannel lock = lockFolder(folder);
        KafkaRaftServer server = null;
        try {
            if (wasKilled(folder)) {
                unregisterKilledBroker(folder);
            }
            format(folder);
            server = new KafkaRaftServer(new KafkaConfig(settings(listener, freePort(), folder), false), Time.SYSTEM);
            EmbeddedKafka kafka = new EmbeddedKafka(server, listener, lock);
            kafka.catchHalts();
            server.startup();
            return kafka;
        } catch (IOException | KafkaException | IllegalStateException e) {
            if (server != null) {
                // the controller may be running although the broker failed
                server.shutdown();
            }
            unlock(lock);
            throw failure(listener, folder, e);
        }
    }

    /**
     * Locks the folder. Kafka's own lock comes too late: a controller that shares its folder with the broker writes to
     * the metadata log before the broker checks the lock, and so corrupts the log of the broker that holds it.
     */
    private static FileChannel lockFolder(Path folder) {
        FileChannel channel = null;
        try {
            Files.createDirectories(folder);
            channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return channel;
            }
            unlock(channel);
            throw inUse(folder, null);
        } catch (OverlappingFileLockException e) {
            unlock(channel);
            throw inUse(folder, e);
        } catch (IOException e) {
            throw new EnvironmentException(
                    "The data folder " + folder + " is not writable: " + e + ". Set data.folder to another one.", e);
        }
    }

    private static void unlock(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EnvironmentException inUse(Path folder, Exception cause) {
        return new EnvironmentException(
                "The data folder " + folder + " is in use by another broker. Stop that one, or choose another folder "
                        + "with --data-folder.",
                cause);
    }

    private static EnvironmentException failure(int port, Path folder, Exception cause) {
        String text = String.valueOf(cause.getMessage());
        if (text.contains("lock")) {
            return inUse(folder, cause);
        }
        return new EnvironmentException(
                "The embedded broker could not start on port " + port + " with data in " + folder + ": " + text, cause);
    }

    private static void refuseUsedPort(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (BindException e) {
            throw new EnvironmentException(
                    "Port " + port + " is in use. Stop what uses it, or choose another with --embedded-kafka-port.", e);
        } catch (IOException e) {
            throw new EnvironmentException("Port " + port + " can't be opened: " + e.getMessage(), e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new EnvironmentException("There is no free port on loopback: " + e.getMessage(), e);
        }
    }

    private static void format(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (Files.exists(folder.resolve(FORMATTED))) {
            return;
        }
        PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try {
            new Formatter()
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setDirectories(List.of(folder.toString()))
                    .setMetadataLogDirectory(folder.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setPrintStream(silent)
                    .run();
        } catch (Exception e) {
            throw new IOException("the folder could not be formatted: " + e.getMessage(), e);
        }
    }

    private static boolean wasKilled(Path folder) {
        return Files.exists(folder.resolve(FORMATTED)) && Files.notExists(folder.resolve(CLEAN_SHUTDOWN));
    }

    /**
     * Unregisters a killed broker from its own metadata, by running a controller alone for a moment. Otherwise the
     * broker finds itself leader while it starts, ends open transactions before it listens, and drops their markers
     * when the controller finally fences it ("these partitions are likely deleted already"): such a transaction hangs
     * forever, and hides all later records from read_committed consumers.
     */
    private static void unregisterKilledBroker(Path folder) throws IOException {
        int controllerPort = freePort();
        KafkaRaftServer controller =
                new KafkaRaftServer(new KafkaConfig(controllerSettings(controllerPort, folder), false), Time.SYSTEM);
        try {
            controller.startup();
            try (Admin admin = Admin.create(Map.of("bootstrap.controllers", LOOPBACK + controllerPort))) {
                unregister(admin);
            }
        } catch (ExecutionException e) {
            throw new IOException("the controller did not unregister the killed broker: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unregistering the killed broker", e);
        } finally {
            controller.shutdown();
            controller.awaitShutdown();
        }
    }

    private static void unregister(Admin admin) throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + UNREGISTER_TIMEOUT.toNanos();
        while (true) {
            try {
                admin.unregisterBroker(NODE).all().get();
                return;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof BrokerIdNotRegisteredException) {
                    return;
                }
                // the controller gives these errors until it has read its own log
                boolean early = e.getCause() instanceof UnsupportedVersionException
                        || e.getCause() instanceof RetriableException;
                if (!early || System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    private static Map<String, Object> settings(int port, int controllerPort, Path folder) {
        Map<String, Object> settings = controllerSettings(controllerPort, folder);
        settings.put("process.roles", "broker,controller");
        settings.put("listeners", "PLAINTEXT://" + LOOPBACK + port + ",CONTROLLER://" + LOOPBACK + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://" + LOOPBACK + port);
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        return settings;
    }

    private static Map<String, Object> controllerSettings(int port, Path folder) {
        Map<String, Object> settings = new HashMap<>(BrokerSettings.single());
        settings.put("process.roles", "controller");
        settings.put("node.id", String.valueOf(NODE));
        settings.put("listeners", "CONTROLLER://" + LOOPBACK + port);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("controller.quorum.voters", NODE + "@" + LOOPBACK + port);
        settings.put("log.dirs", folder.toString());
        return settings;
    }

    /** On a fatal error Kafka calls halt or exit; throwing instead ends only the broker's thread, not the JVM. */
    private void catchHalts() {
        Exit.Procedure refuse = (status, message) -> {
            failed.set(true);
            throw new IllegalStateException("The embedded broker failed: " + message);
        };
        Exit.setHaltProcedure(refuse);
        Exit.setExitProcedure(refuse);
    }

    /** The value of {@code bootstrap.servers} for clients. */
    public String bootstrapServers() {
        return LOOPBACK + port;
    }

    /** Whether the broker had a fatal error and must be stopped. */
    public boolean failed() {
        return failed.get();
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        unlock(lock);
    }
}
