package io.migr.runtime.models;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Names and hashes the files of a model folder that define the model. */
public final class ModelFiles {
    /** File names, in the order in which they are hashed. */
    public static final List<String> NAMES = List.of("config.json", "model.safetensors", "tokenizer.json");

    private ModelFiles() {}

    /**
     * The hash of a folder: SHA-256 of what {@code sha256sum config.json model.safetensors tokenizer.json} prints. It
     * covers all three files, because a changed configuration makes a different model.
     *
     * @throws IOException if a file is missing or cannot be read
     */
    public static String hash(Path folder) throws IOException {
        StringBuilder sums = new StringBuilder();
        for (String name : NAMES) {
            sums.append(sum(folder.resolve(name))).append("  ").append(name).append('\n');
        }
        return HexFormat.of().formatHex(sha256().digest(sums.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static String sum(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime must provide SHA-256.", e);
        }
    }
}
