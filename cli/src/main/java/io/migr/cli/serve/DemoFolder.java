package io.migr.cli.serve;

import io.migr.features.ProcessFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The temporary folder of a demo. It is removed when it is closed, and also if the process is interrupted: then the
 * command is told to stop, and has {@link #LONGEST_S} seconds to do so. If the process is killed, the next one removes it.
 */
final class DemoFolder implements AutoCloseable {
    private static final int LONGEST_S = 20;
    private static final int ATTEMPTS = 10;

    private final Path path;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "demo-stop");
    private volatile boolean stopping;

    private DemoFolder(Path path) {
        this.path = path;
    }

    static DemoFolder create() throws IOException {
        DemoFolder folder = new DemoFolder(Files.createTempDirectory(ProcessFolder.temporary(), "demo"));
        Runtime.getRuntime().addShutdownHook(folder.hook);
        return folder;
    }

    Path path() {
        return path;
    }

    /** Whether the process was interrupted. */
    boolean stopping() {
        return stopping;
    }

    private void stop() {
        stopping = true;
        try {
            if (!closed.await(LONGEST_S, TimeUnit.SECONDS)) {
                delete();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.err.println("migr: " + path + " could not be removed: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        try {
            delete();
        } finally {
            closed.countDown();
            if (!stopping) {
                try {
                    Runtime.getRuntime().removeShutdownHook(hook);
                } catch (IllegalStateException e) {
                    stopping = true; // interrupted just now
                }
            }
        }
    }

    /** Removes all; again if a broker that still runs adds a file meanwhile. */
    private void delete() throws IOException {
        for (int attempt = 1; Files.exists(path); attempt++) {
            try (var files = Files.walk(path)) {
                List<Path> deepestFirst =
                        files.sorted(Comparator.reverseOrder()).toList();
                for (Path file : deepestFirst) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException | UncheckedIOException e) {
                if (attempt == ATTEMPTS) {
                    throw e instanceof UncheckedIOException unchecked ? unchecked.getCause() : (IOException) e;
                }
            }
        }
    }
}
