package io.migr.cli.evaluate;

import io.migr.cli.setup.Services;
import io.migr.corpus.Capture;
import io.migr.corpus.Clip;
import io.migr.corpus.ClipFile;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.ContactSheet;
import io.migr.corpus.Split;
import io.migr.embedded.EnvironmentException;
import io.migr.features.ffmpeg.FfmpegProgram;
import io.migr.model.Emotion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes corpus clips as mp4 files, with a manifest, labels and a contact sheet. */
@Command(
        name = "corpus",
        mixinStandardHelpOptions = true,
        description = {
            "Writes clips of talking faces whose true emotion is known: mp4 files, manifest.jsonl and a contact sheet.",
            "Clips fed as call C can be labelled with migr label --file DIR/labels.csv --call C."
        })
public final class CorpusCommand implements Callable<Integer> {
    private static final int SHOWN = 24;

    @Spec
    private CommandSpec spec;

    @Option(names = "--count", required = true, description = "number of clips")
    private int count;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder to write to")
    private Path folder;

    @Option(names = "--split", description = "${COMPLETION-CANDIDATES}; default: TEST")
    private Split split = Split.TEST;

    @Option(names = "--from", description = "number of the first clip in the split; default: 0")
    private int from;

    @Option(
            names = "--emotions",
            split = ",",
            paramLabel = "EMOTION",
            description = "only clips of these emotions: ${COMPLETION-CANDIDATES}")
    private Set<Emotion> emotions = Set.of();

    @Option(
            names = "--capture",
            description =
                    "${COMPLETION-CANDIDATES}; default: CLEAN. DIM_TELEPHONE has 30 %% of the light, and sound from"
                            + " 300 to 3400 Hz only")
    private Capture capture = Capture.CLEAN;

    @Override
    public Integer call() throws IOException {
        if (count < 1) {
            throw new IllegalArgumentException("--count must be 1 or more, not " + count + ".");
        }
        Files.createDirectories(folder);
        FfmpegProgram program = Services.ffmpeg();
        AtomicInteger done = new AtomicInteger();
        // collect seeds, not clips, because a clip keeps its sound in memory
        List<Long> seeds = IntStream.range(from, split.size())
                .mapToLong(split::seed)
                .filter(seed -> emotions.isEmpty()
                        || emotions.contains(ClipTruth.of(seed).label()))
                .limit(count)
                .boxed()
                .toList();
        if (seeds.size() < count) {
            throw new IllegalArgumentException("The split " + split + " has " + seeds.size()
                    + " matching clips from number " + from + " on, but --count is " + count
                    + ". Lower --count or --from.");
        }
        List<String> lines = seeds.parallelStream()
                .map(seed -> write(Clip.of(seed, capture), program, done))
                .toList();
        Files.write(folder.resolve("manifest.jsonl"), lines);
        Files.write(
                folder.resolve("labels.csv"),
                Stream.concat(
                                Stream.of("clip,emotion,annotator"),
                                seeds.stream().map(this::labelLine))
                        .toList());
        ContactSheet.write(
                seeds.stream().limit(SHOWN).map(seed -> Clip.of(seed, capture)).toList(),
                folder.resolve("contact-sheet.png"));
        spec.commandLine().getErr().println();
        spec.commandLine()
                .getOut()
                .println(count + " clips, manifest.jsonl, labels.csv and contact-sheet.png are in " + folder);
        return 0;
    }

    private String name(long seed) {
        return split.name().toLowerCase(Locale.ROOT) + "-" + seed;
    }

    /** A line of labels.csv: clip, emotion, annotator. */
    private String labelLine(long seed) {
        return name(seed) + "/0," + ClipTruth.of(seed).label().word() + ",truth";
    }

    private String write(Clip clip, FfmpegProgram program, AtomicInteger done) {
        String file = name(clip.truth().seed()) + ".mp4";
        try {
            ClipFile.write(clip, folder.resolve(file), program);
        } catch (IOException e) {
            throw new EnvironmentException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvironmentException("Interrupted while writing the clips.", e);
        }
        spec.commandLine().getErr().print("\r" + done.incrementAndGet() + " of " + count + " clips");
        spec.commandLine().getErr().flush();
        return ClipFile.manifestLine(clip, file);
    }
}
