package io.migr.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ProcessFolderTest {
    @TempDir
    Path parent;

    private static Path fill(Path folder) throws IOException {
        Path file = folder.resolve("application/0_1/store/1.sst");
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "somebody's face");
    }

    private ProcessFolder open() {
        return ProcessFolder.open(parent, "migr-streams-", "Choose another.");
    }

    @Test
    void whatAKilledProcessLeftIsDeletedAndAFolderInUseIsNot() throws IOException {
        Path left = fill(Files.createDirectories(parent.resolve("migr-streams-1")));
        Files.createFile(parent.resolve("migr-streams-1/lock"));
        try (ProcessFolder first = open()) {
            assertFalse(Files.exists(left));
            Path used = fill(first.path());
            try (ProcessFolder second = open()) {
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
        open().close();
        assertTrue(Files.exists(theirs) && Files.exists(locked) && Files.exists(unmarked));
        assertFalse(Files.exists(parent.resolve("documents/lock")), "nothing is written there");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void nobodyElseCanReadIt() throws IOException {
        try (ProcessFolder folder = open()) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())));
        }
    }

    @Test
    void aFolderThatCannotBeUsedIsNamedWithWhatToDo() throws IOException {
        Path file = Files.createFile(parent.resolve("file"));
        UncheckedIOException e = assertThrows(
                UncheckedIOException.class, () -> ProcessFolder.open(file, "any-", "Set streams.folder to another."));
        assertTrue(
                e.getMessage().contains(file + " cannot be used")
                        && e.getMessage().endsWith("Set streams.folder to another."),
                e.getMessage());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void clipsAreDecodedInAFolderOfThisUserAlone() throws IOException {
        Path folder = ProcessFolder.temporary();
        assertEquals(folder, ProcessFolder.temporary());
        for (Path one : List.of(folder, folder.getParent())) {
            assertEquals(
                    "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(one)), one.toString());
        }
    }
}
