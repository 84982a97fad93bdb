package io.migr.evaluation.benchmark;

import io.migr.evaluation.benchmark.BenchmarkProblem.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The file that lists the clips of a fold: its lines, the problems found in it, and the videos that it may name. */
final class FoldFile {
    private static final int DEEPEST = 3;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Path file;
    private final List<BenchmarkProblem> problems = new ArrayList<>();
    private final Set<String> listed = new HashSet<>();

    FoldFile(Path file) {
        this.file = file;
    }

    /** The non-blank lines by line number; none, with a problem recorded, if the file cannot be read. */
    Map<Integer, String> lines(String advice) {
        Map<Integer, String> lines = new LinkedHashMap<>();
        if (!Files.isRegularFile(file)) {
            broken(file.toString(), "there is no such file. " + advice);
            return lines;
        }
        try {
            int number = 0;
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                number++;
                String plain = line.replace(BYTE_ORDER_MARK, "").strip();
                if (!plain.isEmpty()) {
                    lines.put(number, plain);
                }
            }
        } catch (MalformedInputException e) {
            broken(file.toString(), "it is not UTF-8 text");
        } catch (IOException e) {
            broken(file.toString(), "it cannot be read: " + e.getMessage());
        }
        return lines;
    }

    /** Whether a name is listed for the first time; records a problem if not. */
    boolean isFirst(int line, String name) {
        boolean first = listed.add(name);
        if (!first) {
            broken(at(line), "video " + name + " is listed twice");
        }
        return first;
    }

    String at(int line) {
        return file.getFileName() + " line " + line;
    }

    void broken(String what, String why) {
        note(Kind.FOLD_FILE, what, why);
    }

    void note(Kind kind, String what, String why) {
        problems.add(new BenchmarkProblem(kind, what, why));
    }

    List<BenchmarkProblem> problems() {
        return problems;
    }

    /** Files below a folder, by name without extension. Subfolders are searched, because unpacking may create them. */
    static Map<String, Path> videos(Path folder, Set<String> endings) {
        Map<String, Path> videos = new LinkedHashMap<>();
        if (!Files.isDirectory(folder)) {
            return videos;
        }
        try (Stream<Path> files = Files.find(folder, DEEPEST, (path, attributes) -> attributes.isRegularFile())) {
            files.sorted().forEach(path -> {
                String name = path.getFileName().toString();
                int dot = name.lastIndexOf('.');
                if (dot > 0 && endings.contains(name.substring(dot + 1).toLowerCase(java.util.Locale.ROOT))) {
                    videos.putIfAbsent(name.substring(0, dot), path);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " cannot be read.", e);
        }
        return videos;
    }

    /** The subfolders of a folder, by name. */
    static Map<String, Path> folders(Path folder) {
        Map<String, Path> folders = new LinkedHashMap<>();
        if (!Files.isDirectory(folder)) {
            return folders;
        }
        try (Stream<Path> children = Files.list(folder)) {
            children.filter(Files::isDirectory)
                    .forEach(child -> folders.put(child.getFileName().toString(), child));
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + folder + " cannot be read.", e);
        }
        return folders;
    }
}
