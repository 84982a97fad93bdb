package io.migr.features;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of this process alone, readable only by its user, for what must not outlive the process. It is deleted when it
 * is closed; what a killed process left is deleted when the next one opens a folder of the same kind, and nothing else.
 *
 * @param lock held as long as the folder is in use
 */
public record ProcessFolder(Path path, FileChannel lock) implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String PRIVATE = "rwx------";
    private static ProcessFolder temporary;

    /**
     * Makes a folder below {@code parent}.
     *
     * @param kind how the names of such folders begin
     * @param advice what to do if that is not possible, for the message
     * @throws UncheckedIOException if {@code parent} is not writable
     */
    public static ProcessFolder open(Path parent, String kind, String advice) {
        try {
            return open(parent, kind);
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + parent + " cannot be used: " + e + ". " + advice, e);
        }
    }

    private static synchronized ProcessFolder open(Path parent, String kind) throws IOException {
        Files.createDirectories(parent);
        // held so that no other process takes a folder that is just being made for one that was left
        try (FileChannel making = channel(parent);
                var held = making.lock()) {
            for (Path folder : made(parent, kind)) {
                deleteIfLeft(folder);
            }
            Path folder = Files.createTempDirectory(parent, kind);
            FileChannel lock = channel(folder);
            lock.lock();
            return new ProcessFolder(folder, lock);
        }
    }

    /**
     * Where this process keeps clips while they are decoded: below a folder of its user in the system's temporary folder,
     * and the same for all callers. Each of them deletes what it puts there.
     *
     * @throws UncheckedIOException if the temporary folder is not writable
     */
    public static synchronized Path temporary() {
        // a cleaner of temporary files may have removed a folder that was not used for days
        if (temporary == null || !Files.isDirectory(temporary.path())) {
            Path all = Path.of(System.getProperty("java.io.tmpdir"));
            try {
                temporary = open(ofThisUser(all), "clips-");
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "The temporary folder " + all + " cannot be used: " + e + ". Set TMPDIR to a writable one.", e);
            }
        }
        return temporary.path();
    }

    /** A folder that nobody else can open; others could else exchange what is in it. */
    private static Path ofThisUser(Path all) throws IOException {
        Path folder = all.resolve("migr-" + System.getProperty("user.name").replaceAll("\\W", "_"));
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            Path probe = Files.createTempFile(all, "migr", ".probe");
            Object user = Files.getOwner(probe);
            Files.delete(probe);
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    || !Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(user)) {
                throw new IOException(folder + " belongs to somebody else", e);
            }
        }
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(PRIVATE));
        }
        return folder;
    }

    private static FileChannel channel(Path folder) throws IOException {
        return FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** The folders of a kind that processes made below {@code parent}, which may hold others too. */
    private static List<Path> made(Path parent, String kind) throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(folder -> folder.getFileName().toString().startsWith(kind))
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
            // the next process that opens such a folder deletes it
        }
    }
}
