package io.migr.trainer.benchmark;

import io.migr.model.Emotion;
import java.nio.file.Path;
import java.util.List;

/**
 * What a fold lists.
 *
 * @param entries clips that are there
 * @param problems everything else that the fold lists, and what is wrong with the fold
 */
public record Listing(List<Entry> entries, List<Problem> problems) {

    /**
     * A labelled clip.
     *
     * @param name as the fold names it
     * @param media a video file, or a folder of its pictures
     */
    public record Entry(String name, Emotion label, Path media) {}

    public Listing {
        entries = List.copyOf(entries);
        problems = List.copyOf(problems);
    }
}
