package io.migr.cli;

import io.migr.trainer.benchmark.Problem;
import io.migr.trainer.benchmark.Problem.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The account of what a benchmark lists and nothing could be measured on. */
final class Unusable {
    private static final int SHOWN = 20;

    private final PrintWriter to;
    private final Path folder;
    private final List<Problem> problems = new ArrayList<>();

    /** Prints to {@code to}; with a folder, the whole list goes into a file there and its head is printed. */
    Unusable(PrintWriter to, Path folder) {
        this.to = to;
        this.folder = folder;
    }

    void add(List<Problem> more) {
        problems.addAll(more);
    }

    boolean any() {
        return !problems.isEmpty();
    }

    /** How many of which kind, for reports; empty where there are none. */
    List<String> notes() {
        return any() ? List.of("Not measured on: " + counts() + ".") : List.of();
    }

    private String counts() {
        Map<Kind, Long> counts = problems.stream()
                .collect(Collectors.groupingBy(Problem::kind, () -> new EnumMap<>(Kind.class), Collectors.counting()));
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey().words(count.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** Says how many and which. */
    void print() throws IOException {
        if (!any()) {
            return;
        }
        to.println(counts() + ":");
        int shown = folder == null ? problems.size() : Math.min(SHOWN, problems.size());
        problems.subList(0, shown).forEach(problem -> to.println("  " + problem));
        if (folder != null) {
            Files.createDirectories(folder);
            Path file = folder.resolve("unusable.txt");
            Files.write(file, problems.stream().map(Problem::toString).toList());
            to.println(shown < problems.size() ? "  ... all are in " + file : "  also in " + file);
        }
        to.flush();
    }
}
