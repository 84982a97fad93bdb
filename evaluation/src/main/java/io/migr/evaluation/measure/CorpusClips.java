package io.migr.evaluation.measure;

import io.migr.corpus.RenderedClip;
import io.migr.corpus.Split;
import io.migr.corpus.people.PeopleClip;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.network.LogMel;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Clips of a split of the corpus, in the form that a model reads: rendered, with the frames and the log-mel that
 * extraction would give, or drawn in cue space, as perception would measure people.
 *
 * @param first number of the first clip in the split
 * @param size number of clips
 * @param cues whether the clips are in cue space
 */
public record CorpusClips(Split split, int first, int size, boolean cues) implements ClipSource {

    /** The first rendered clips of a split. */
    public CorpusClips(Split split, int size) {
        this(split, 0, size, false);
    }

    /** Clips of a split for a model, from number {@code first} on. */
    public static CorpusClips of(EmotionModelConfig model, Split split, int first, int size) {
        return new CorpusClips(split, first, size, model.network().readsCues());
    }

    @Override
    public List<EvaluationClip> read(int from, int to) {
        return cues
                ? IntStream.range(first + from, first + to)
                        .parallel()
                        .mapToObj(i -> EvaluationClip.of(PeopleClip.of(split.seed(i))))
                        .toList()
                : render(split, first + from, first + to).stream()
                        .map(EvaluationClip::of)
                        .toList();
    }

    /** Renders clips {@code from} to {@code to - 1} of a split on all processors. */
    public static List<RenderedClip> render(Split split, int from, int to) {
        return IntStream.range(from, to)
                .parallel()
                .mapToObj(i -> RenderedClip.of(split.seed(i), new LogMel()))
                .toList();
    }
}
