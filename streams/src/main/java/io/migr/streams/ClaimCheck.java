package io.migr.streams;

import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import io.migr.schemas.MediaReference;
import io.migr.streams.records.ClipRefusedException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Fetches media that a record only refers to, from a single permitted folder.
 *
 * @param folder the folder that references may point into; null if references are refused
 * @param limit maximum file size, bytes
 */
public record ClaimCheck(Path folder, long limit) {

    /** The claim check that {@code clip.folder} and {@code clip.max.bytes} configure. */
    public static ClaimCheck of(Configuration configuration) {
        String folder = configuration.text(Key.CLIP_FOLDER);
        return new ClaimCheck(folder.isEmpty() ? null : Path.of(folder), configuration.number(Key.CLIP_MAX_BYTES));
    }

    /**
     * Reads the media that a reference names.
     *
     * @param name the clip's name, for messages
     * @throws ClipRefusedException if the file is outside the folder, unreadable, too large, or not the file that was
     *     referenced
     */
    byte[] fetch(MediaReference reference, String name) throws ClipRefusedException {
        if (folder == null) {
            throw new ClipRefusedException("Clip " + name + " refers to " + reference.getUri()
                    + ", but no folder for claim checks is configured. Set clip.folder, or send the media itself.");
        }
        try {
            Path file = Path.of(URI.create(reference.getUri())).toRealPath();
            if (!file.startsWith(folder.toRealPath())) {
                throw new ClipRefusedException("Clip " + name + " refers to a file outside the folder clip.folder.");
            }
            if (Files.size(file) > limit || Files.size(file) != reference.getSizeBytes()) {
                throw new ClipRefusedException("Clip " + name + " refers to " + reference.getSizeBytes()
                        + " bytes; the file has " + Files.size(file) + " and the limit is " + limit + ".");
            }
            byte[] media = Files.readAllBytes(file);
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(media));
            if (!digest.equals(reference.getSha256())) {
                throw new ClipRefusedException("Clip " + name + " refers to media with SHA-256 " + reference.getSha256()
                        + ", the file has " + digest + ". It was changed after it was sent.");
            }
            return media;
        } catch (IOException | IllegalArgumentException | java.nio.file.FileSystemNotFoundException e) {
            throw new ClipRefusedException(
                    "Clip " + name + " refers to " + reference.getUri() + ", which cannot be read: " + e.getMessage(),
                    e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime must provide SHA-256.", e);
        }
    }
}
