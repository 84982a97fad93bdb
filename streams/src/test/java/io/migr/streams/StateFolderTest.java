package io.migr.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    @TempDir
    Path parent;

    private static Path fill(Path folder) throws IOException {
        Path file = folder.resolve("application/0_1/store/1.sst");
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "somebody's face");
    }

    @Test
    void whatAKilledProcessLeftIsDeletedAndAFolderInUseIsNot() throws IOException {
        Path left = fill(Files.createDirectories(parent.resolve("migr-streams-1")));
        Files.createFile(parent.resolve("migr-streams-1/lock"));
        try (StateFolder first = StateFolder.open(parent)) {
            assertFalse(Files.exists(left));
            Path used = fill(first.path());
            try (StateFolder second = StateFolder.open(parent)) {
                assertTrue(Files.exists(used));
                assertFalse(first.path().equals(second.path()));
            }
            assertTrue(Files.exists(used), "closing one leaves the other");
        }
        try (var files = Files.list(parent)) {
            assertEquals(1, files.count(), "only the lock is left");
        }
    }

    @Test
    void foldersOfOthersStay() throws IOException {
        Path theirs = fill(Files.createDirectories(parent.resolve("documents")));
        Path locked = fill(Files.createDirectories(parent.resolve("other")));
        Files.createFile(parent.resolve("other/lock"));
        Path unmarked = fill(Files.createDirectories(parent.resolve("migr-streams-notes")));
        StateFolder.open(parent).close();
        assertTrue(Files.exists(theirs) && Files.exists(locked) && Files.exists(unmarked));
        assertFalse(Files.exists(parent.resolve("documents/lock")), "nothing is written there");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void nobodyElseCanReadIt() throws IOException {
        try (StateFolder folder = StateFolder.open(parent)) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())));
        }
    }
}
