package io.migr.cli;

import io.migr.corpus.Clip;
import io.migr.corpus.ClipFile;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.ContactSheet;
import io.migr.corpus.Split;
import io.migr.features.FfmpegProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes clips of the corpus as files. */
@Command(
        name = "corpus",
        mixinStandardHelpOptions = true,
        description = "Writes talking-face clips whose truth is known: mp4 files, manifest.jsonl and a contact sheet.")
final class CorpusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--count", required = true, description = "how many clips")
    private int count;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "where to")
    private Path folder;

    @Option(names = "--split", description = "${COMPLETION-CANDIDATES}; default TEST")
    private Split split = Split.TEST;

    @Option(names = "--from", description = "first clip of the split")
    private int from;

    @Override
    public Integer call() throws IOException {
        if (count < 1) {
            throw new IllegalArgumentException("--count must be 1 or more, not " + count + ".");
        }
        Files.createDirectories(folder);
        FfmpegProgram program = Services.ffmpeg();
        AtomicInteger done = new AtomicInteger();
        List<String> lines = IntStream.range(from, from + count)
                .parallel()
                .mapToObj(i -> write(split.seed(i), program, done))
                .toList();
        Files.write(folder.resolve("manifest.jsonl"), lines);
        int shown = Math.min(24, count);
        ContactSheet.write(
                IntStream.range(from, from + shown).mapToLong(split::seed).toArray(),
                folder.resolve("contact-sheet.png"));
        spec.commandLine().getErr().println();
        spec.commandLine().getOut().println(count + " clips, manifest.jsonl and contact-sheet.png are in " + folder);
        return 0;
    }

    private String write(long seed, FfmpegProgram program, AtomicInteger done) {
        String name = split.name().toLowerCase(Locale.ROOT) + "-" + seed + ".mp4";
        try {
            ClipFile.write(Clip.of(seed), folder.resolve(name), program);
        } catch (IOException e) {
            throw new EnvironmentException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvironmentException("Interrupted.", e);
        }
        spec.commandLine().getErr().print("\r" + done.incrementAndGet() + " of " + count + " clips");
        spec.commandLine().getErr().flush();
        return ClipFile.manifestLine(ClipTruth.of(seed), name);
    }
}
