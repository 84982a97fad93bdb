package io.migr.cli.evaluate;

import io.migr.evaluation.benchmark.BenchmarkProblem;
import io.migr.evaluation.benchmark.BenchmarkProblem.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Collects and prints the clips of a benchmark that could not be measured. */
final class UnmeasuredClips {
    private static final int SHOWN = 20;

    private final PrintWriter to;
    private final Path folder;
    private final List<BenchmarkProblem> problems = new ArrayList<>();

    /** Prints to {@code to}; if a folder is given, writes the whole list to a file there and prints only its start. */
    UnmeasuredClips(PrintWriter to, Path folder) {
        this.to = to;
        this.folder = folder;
    }

    void add(List<BenchmarkProblem> more) {
        problems.addAll(more);
    }

    boolean any() {
        return !problems.isEmpty();
    }

    /** The number of each kind, for reports; empty if there are none. */
    List<String> notes() {
        return any() ? List.of("Not measured on: " + counts() + ".") : List.of();
    }

    private String counts() {
        Map<Kind, Long> counts = problems.stream()
                .collect(Collectors.groupingBy(
                        BenchmarkProblem::kind, () -> new EnumMap<>(Kind.class), Collectors.counting()));
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey().words(count.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** Prints the number of each kind, then the problems. */
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
            Files.write(file, problems.stream().map(BenchmarkProblem::toString).toList());
            to.println(shown < problems.size() ? "  ... all are in " + file : "  also in " + file);
        }
        to.flush();
    }
}
