package io.migr.features;

import java.util.List;
import java.util.function.Predicate;

/** Which tracks of one kind come into question, by the marks of the file; for recordings and segments alike. */
final class DefaultTrack {
    private DefaultTrack() {}

    /** The only track that is marked as the default; all of them if none is marked, or several are. */
    static <T> List<T> among(List<T> tracks, Predicate<T> marked) {
        List<T> only = tracks.stream().filter(marked).toList();
        return only.size() == 1 ? only : tracks;
    }
}
