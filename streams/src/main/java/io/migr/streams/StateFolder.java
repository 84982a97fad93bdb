package io.migr.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of this process alone for what waits on disk, readable only by its user. It is deleted when the process ends;
 * what a killed process left is deleted when the next one starts below the same parent, and nothing else there. Nothing
 * is lost by that: the state is in the changelogs.
 *
 * @param lock held as long as the folder is in use
 */
record StateFolder(Path path, FileChannel lock) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);
    private static final String LOCK = "lock";
    private static final String PREFIX = "migr-streams-";

    /** Makes a folder below {@code parent}. */
    static synchronized StateFolder open(Path parent) {
        try {
            Files.createDirectories(parent);
            // held so that no other process takes a folder that is just being made for one that was left
            try (FileChannel making = channel(parent);
                    var held = making.lock()) {
                for (Path folder : made(parent)) {
                    deleteIfLeft(folder);
                }
                Path folder = Files.createTempDirectory(parent, PREFIX);
                FileChannel lock = channel(folder);
                lock.lock();
                return new StateFolder(folder, lock);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The folder " + parent + " cannot be used: " + e + ". Set streams.folder to another one.", e);
        }
    }

    private static FileChannel channel(Path folder) throws IOException {
        return FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** The folders that processes made below {@code parent}, which may hold others too. */
    private static List<Path> made(Path parent) throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(folder -> folder.getFileName().toString().startsWith(PREFIX))
                    .filter(folder -> Files.isRegularFile(folder.resolve(LOCK)))
                    .toList();
        }
    }

    private static void deleteIfLeft(Path folder) throws IOException {
        try (FileChannel channel = channel(folder)) {
            if (channel.tryLock() != null) {
                delete(folder);
            }
        } catch (OverlappingFileLockException e) {
            // another service of this process uses it
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void close() {
        try (lock) {
            delete(path);
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The folder {} could not be deleted; the next start does it: {}", path, e.toString());
        }
    }
}
