package io.migr.evaluation.benchmark;

import io.migr.model.Emotion;
import java.nio.file.Path;
import java.util.List;

/** The test clips of a fold.
 *
 * @param entries clips whose media exist
 * @param problems every listed clip that has no entry, with the reason, and faults in the fold file itself
 */
public record FoldListing(List<Entry> entries, List<BenchmarkProblem> problems) {

    /**
     * A labelled clip.
     *
     * @param name the name used in the fold file
     * @param media a video file, or a folder of its pictures
     */
    public record Entry(String name, Emotion label, Path media) {}

    public FoldListing {
        entries = List.copyOf(entries);
        problems = List.copyOf(problems);
    }
}
