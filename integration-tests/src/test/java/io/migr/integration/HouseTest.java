package io.migr.integration;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.summingInt;
import static java.util.stream.Collectors.toList;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that rooms, packages and files stay small enough for a newcomer to find things. */
class HouseTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final double LARGEST_ROOM = 0.20;
    private static final int LARGEST_PACKAGE = 25;
    private static final int LONGEST_FILE = 400;
    private static final int MEDIAN_FILE = 100;

    /** One source file of main code; {@code path} is relative to the repository. */
    private record Source(Path path, int lines) {
        String room() {
            return path.getName(0).toString();
        }
    }

    private static List<Source> sources() throws IOException {
        try (Stream<Path> rooms = Files.list(ROOT)) {
            return rooms.map(room -> room.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(HouseTest::files)
                    .filter(file -> file.toString().endsWith(".java"))
                    .map(file -> new Source(ROOT.relativize(file), lines(file)))
                    .toList();
        }
    }

    private static Stream<Path> files(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void noRoomHoldsAFifthOfTheMainLines() throws IOException {
        Map<String, Integer> rooms =
                sources().stream().collect(groupingBy(Source::room, TreeMap::new, summingInt(Source::lines)));
        int all = rooms.values().stream().mapToInt(Integer::intValue).sum();
        rooms.forEach((room, lines) ->
                assertTrue(lines < LARGEST_ROOM * all, room + " has " + lines + " of " + all + " lines"));
        System.out.println("lines of main code by room: " + rooms);
    }

    @Test
    void noPackageHasMoreThan25Files() throws IOException {
        Map<Path, Long> packages =
                sources().stream().collect(groupingBy(source -> source.path().getParent(), TreeMap::new, counting()));
        packages.forEach((folder, files) -> assertTrue(files <= LARGEST_PACKAGE, folder + " has " + files + " files"));
    }

    @Test
    void filesAreShort() throws IOException {
        List<Source> longFiles = sources().stream()
                .filter(source -> source.lines() > LONGEST_FILE)
                .toList();
        assertEquals(List.of(), longFiles);
        List<Integer> lines = sources().stream().map(Source::lines).sorted().toList();
        assertTrue(lines.get(lines.size() / 2) < MEDIAN_FILE, "median " + lines.get(lines.size() / 2));
    }

    @Test
    void everyPackageSaysWhatItHolds() throws IOException {
        Map<Path, List<String>> names = sources().stream()
                .collect(groupingBy(
                        source -> source.path().getParent(),
                        TreeMap::new,
                        mapping(source -> source.path().getFileName().toString(), toList())));
        names.forEach((folder, files) ->
                assertTrue(files.contains("package-info.java"), folder + " has no package-info.java"));
    }
}
