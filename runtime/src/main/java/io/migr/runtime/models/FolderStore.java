package io.migr.runtime.models;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of model folders, each named by its hash. Services on several machines share it by mounting it. A model is
 * first written to a folder {@code .part-*} and forced to disk; only then is that folder renamed to its hash.
 */
public final class FolderStore implements ArtifactStore {
    private static final Logger LOG = LoggerFactory.getLogger(FolderStore.class);

    /** Copies one file; tests replace it to simulate a full disk. */
    interface Copying {
        void copy(Path from, Path to) throws IOException;
    }

    private final Path root;
    private final Copying copying;

    /** A store in a folder, which is created by the first {@link #put}. */
    public FolderStore(Path root) {
        this(root, Files::copy);
    }

    FolderStore(Path root, Copying copying) {
        this.root = root.toAbsolutePath().normalize();
        this.copying = copying;
    }

    @Override
    public Artifact put(Path folder) throws ArtifactException {
        String sha256 = hashOfModel(folder);
        Path target = root.resolve(sha256);
        if (Files.exists(target)) {
            fetch(sha256);
        } else {
            write(folder, sha256, target);
        }
        return new Artifact(target.toUri().toString(), sha256);
    }

    /** Rejects anything but a SHA-256: the name becomes part of a path, which must not leave the store. */
    static void requireSha256(String sha256) throws ArtifactException {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new ArtifactException(
                    "\"" + sha256 + "\" is not the SHA-256 of an artifact, which has 64 digits 0-9a-f.");
        }
    }

    /** Whether the folder of an artifact exists; its files may be missing or damaged. */
    boolean has(String sha256) {
        return Files.isDirectory(root.resolve(sha256));
    }

    static String hashOfModel(Path folder) throws ArtifactException {
        try {
            return ModelFiles.hash(folder);
        } catch (NoSuchFileException e) {
            throw new ArtifactException(
                    "The model folder " + folder + " has no "
                            + Path.of(e.getFile()).getFileName() + ". A model folder contains "
                            + String.join(", ", ModelFiles.NAMES) + ".",
                    e);
        } catch (IOException e) {
            throw new ArtifactException("The model folder " + folder + " cannot be read: " + e, e);
        }
    }

    private void write(Path folder, String sha256, Path target) throws ArtifactException {
        Path part = root.resolve(".part-" + UUID.randomUUID());
        try {
            Files.createDirectories(part);
            for (String name : ModelFiles.NAMES) {
                copying.copy(folder.resolve(name), part.resolve(name));
                force(part.resolve(name), StandardOpenOption.WRITE);
            }
            forceFolder(part);
            if (!ModelFiles.hash(part).equals(sha256)) {
                throw new IOException(folder + " changed while it was copied");
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            forceFolder(root);
        } catch (IOException e) {
            delete(part);
            if (Files.isDirectory(target)) {
                fetch(sha256); // another process has stored the same artifact in the meantime
                return;
            }
            throw new ArtifactException(
                    "The model store " + root + " cannot store " + folder + ": " + e
                            + ". Nothing was stored. Free some space or set models.store to another folder.",
                    e);
        }
    }

    private static void force(Path path, StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }

    private static void forceFolder(Path folder) {
        try {
            force(folder, StandardOpenOption.READ);
        } catch (IOException e) {
            // Windows cannot open folders; its file system keeps the order of renames by itself
            LOG.debug("{} cannot be forced to disk: {}", folder, e.toString());
        }
    }

    private static void delete(Path part) {
        if (!Files.isDirectory(part)) {
            return;
        }
        try {
            for (String name : ModelFiles.NAMES) {
                Files.deleteIfExists(part.resolve(name));
            }
            Files.deleteIfExists(part);
        } catch (IOException e) {
            LOG.warn("The incomplete copy {} could not be deleted: {}", part, e.toString());
        }
    }

    @Override
    public Path fetch(String sha256) throws ArtifactException {
        requireSha256(sha256);
        if (!Files.isDirectory(root)) {
            throw new ArtifactException("The model store " + root
                    + " does not exist. Set models.store to the folder that versions were stored in, or mount it.");
        }
        Path folder = root.resolve(sha256);
        String found;
        try {
            found = ModelFiles.hash(folder);
        } catch (NoSuchFileException e) {
            throw new ArtifactException(
                    "The model store " + root + " has no artifact " + sha256 + " (" + e.getMessage()
                            + " is missing). Set models.store to the store that has it, or import it again.",
                    e);
        } catch (IOException e) {
            throw new ArtifactException("The artifact " + folder + " cannot be read: " + e, e);
        }
        if (!found.equals(sha256)) {
            throw new ArtifactException("The artifact " + folder + " is damaged: the SHA-256 of its files is " + found
                    + ". Delete that folder and import the model again.");
        }
        return folder;
    }
}
