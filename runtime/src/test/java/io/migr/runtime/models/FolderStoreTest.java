package io.migr.runtime.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.runtime.models.ArtifactStore.Artifact;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderStoreTest {
    @TempDir
    Path folder;

    private Path model;
    private Path root;
    private FolderStore store;

    @BeforeEach
    void model() throws IOException {
        model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("model.safetensors"), "weights");
        Files.writeString(model.resolve("tokenizer.json"), "words");
        Files.writeString(model.resolve("README.md"), "not part of it");
        root = folder.resolve("deep/store");
        store = new FolderStore(root);
    }

    private List<String> kept() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** {@code printf '{}' >config.json} and so on, then {@code sha256sum ... | sha256sum}. */
    @Test
    void theHashIsTheOneThatCoreutilsPrints() throws IOException {
        assertEquals("e42722dfeb5ef4d6f024a1a1cb080f548508f7271e371aef509cdd0919fc681b", ModelFiles.hash(model));
    }

    @Test
    void aStoredModelIsFetchedByItsHash() throws IOException {
        Artifact artifact = store.put(model);
        assertEquals(artifact, store.put(model), "putting it again changes nothing");
        assertEquals(List.of(artifact.sha256()), kept());
        Path fetched = store.fetch(artifact.sha256());
        assertEquals(fetched, Path.of(URI.create(artifact.uri())));
        assertEquals("weights", Files.readString(fetched.resolve("model.safetensors")));
        assertTrue(Files.notExists(fetched.resolve("README.md")));
        Files.writeString(model.resolve("config.json"), "{ }");
        assertNotEquals(artifact.sha256(), store.put(model).sha256(), "a changed configuration is another model");
    }

    private String refusal(String sha256) {
        return assertThrows(ArtifactException.class, () -> store.fetch(sha256)).getMessage();
    }

    @Test
    void aFailedFetchSaysWhy() throws IOException {
        String none = "0".repeat(64);
        assertTrue(refusal(none).contains("does not exist. Set models.store"), refusal(none));
        String sha256 = store.put(model).sha256();
        assertTrue(refusal(none).contains("has no artifact 000"), refusal(none));
        assertTrue(refusal("../" + none).contains("is not the SHA-256"), refusal("../" + none));
        Files.writeString(root.resolve(sha256).resolve("tokenizer.json"), "w0rds");
        assertTrue(refusal(sha256).contains("is damaged: the SHA-256 of its files is "), refusal(sha256));
        assertThrows(ArtifactException.class, () -> store.put(model), "a damaged copy does not count as stored");
        Files.delete(root.resolve(sha256).resolve("tokenizer.json"));
        assertTrue(refusal(sha256).contains("tokenizer.json is missing"), refusal(sha256));
    }

    private String refusedPut(FolderStore into) {
        return assertThrows(ArtifactException.class, () -> into.put(model)).getMessage();
    }

    @Test
    void aFullDiskLeavesNothingBehind() throws IOException {
        FolderStore full = new FolderStore(root, (from, to) -> {
            Files.writeString(to, "wei");
            throw new IOException("No space left on device");
        });
        String message = refusedPut(full);
        assertTrue(message.contains("No space left on device. Nothing was stored. Free some space"), message);
        assertEquals(List.of(), kept());
    }

    @Test
    void aFolderThatChangesWhileItIsCopiedIsNotStored() throws IOException {
        FolderStore racing = new FolderStore(root, (from, to) -> Files.writeString(to, "something else"));
        assertTrue(refusedPut(racing).contains("changed while it was copied"));
        assertEquals(List.of(), kept());
    }

    @Test
    void anIncompleteModelAndAStoreThatIsNotAFolderAreRefused() throws IOException {
        Files.delete(model.resolve("config.json"));
        assertTrue(refusedPut(store).contains("has no config.json. A model folder contains config.json, "));
        Files.writeString(model.resolve("config.json"), "{}");
        FolderStore file = new FolderStore(model.resolve("README.md"));
        assertTrue(refusedPut(file).contains("cannot store"), refusedPut(file));
    }

    @Test
    void twoProcessesCanStoreTheSameModelAtOnce() throws IOException {
        FolderStore slow = new FolderStore(root, (from, to) -> {
            store.put(model);
            Files.copy(from, to);
        });
        assertEquals(store.put(model), slow.put(model));
        assertEquals(1, kept().size());
    }
}
