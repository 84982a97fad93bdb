package io.migr.evaluation.measure;

import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.model.network.LogMel;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The first clips of a split of the corpus, with the frames and the log-mel that extraction would give.
 *
 * @param size number of clips
 */
public record CorpusClips(Split split, int size) implements ClipSource {

    @Override
    public List<EvaluationClip> read(int from, int to) {
        return render(split, from, to).stream().map(EvaluationClip::of).toList();
    }

    /** Renders clips {@code from} to {@code to - 1} of a split on all processors. */
    public static List<RenderedClip> render(Split split, int from, int to) {
        return IntStream.range(from, to)
                .parallel()
                .mapToObj(i -> RenderedClip.of(split.seed(i), new LogMel()))
                .toList();
    }
}
