package io.migr.integration;

import io.migr.embedded.EmbeddedKafka;
import io.migr.embedded.EmbeddedRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** A broker and its registry in a separate process, which can be killed and restarted on the same ports and folder. */
final class BrokerProcess implements AutoCloseable {
    /** Below the ephemeral ports, because an outgoing connection could take such a port while the process is dead. */
    private static final int FIRST_PORT = 20_000;

    private static final int LAST_PORT = 32_000;

    private final int port;
    private final int registryPort;
    private final Path folder;
    private ServiceProcess process;

    private BrokerProcess(int port, int registryPort, Path folder) {
        this.port = port;
        this.registryPort = registryPort;
        this.folder = folder;
    }

    static BrokerProcess start(Path folder) throws IOException, InterruptedException {
        BrokerProcess broker = new BrokerProcess(freePort(), freePort(), folder);
        broker.start();
        return broker;
    }

    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException e) {
                // the port is in use: try another one
            }
        }
    }

    /** Starts the process on the same ports and folder, and waits until it is ready. */
    void start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ServiceProcess.java("-Xmx400m", BrokerProcess.class.getName()));
        command.addAll(List.of(String.valueOf(port), String.valueOf(registryPort), folder.toString()));
        process = ServiceProcess.start("broker", command);
        process.awaitReady();
    }

    Broker broker() {
        return new Broker("127.0.0.1:" + port, "http://127.0.0.1:" + registryPort);
    }

    /** Kills the process with SIGKILL. */
    void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }

    /** Runs in the process; the arguments are port, registry port and folder. */
    public static void main(String[] words) throws InterruptedException {
        EmbeddedKafka kafka = EmbeddedKafka.start(Integer.parseInt(words[0]), Path.of(words[2]));
        EmbeddedRegistry.start(Integer.parseInt(words[1]), kafka.bootstrapServers());
        System.out.println("broker is ready");
        Thread.currentThread().join();
    }
}
