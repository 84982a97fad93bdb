package io.migr.evaluation.judge;

import io.migr.corpus.Cue;
import io.migr.corpus.text.Phrases;
import io.migr.corpus.text.Phrases.Pool;
import io.migr.model.Emotion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the sentences of the corpus assert: appraisals and conclusions assert their emotion, all others nothing. */
final class PoolSentences {
    /** The emotions of the corpus. */
    static final List<Emotion> LABELS = Emotion.DFEW;

    private static final Set<String> ASSERTING = Set.of("SEES", "HEARS", "CONCLUDE");

    private PoolSentences() {}

    /** The sentences of a pool that assert an emotion; {@code {e}} stands for its word. */
    static List<String> asserting(Pool pool) {
        return Phrases.cues().stream()
                .filter(ASSERTING::contains)
                .flatMap(cue -> Phrases.sentences(cue, pool).stream())
                .toList();
    }

    /** The sentences of a pool that claim a cue. */
    static List<String> claiming(Pool pool) {
        return Phrases.cues().stream()
                .filter(cue -> Cue.of(cue) != null)
                .flatMap(cue -> Phrases.sentences(cue, pool).stream())
                .toList();
    }

    /** The sentences of a pool that express doubt or weigh the modalities. */
    static List<String> weighing(Pool pool) {
        return Phrases.cues().stream()
                .filter(cue -> Cue.of(cue) == null && !ASSERTING.contains(cue))
                .flatMap(cue -> Phrases.sentences(cue, pool).stream())
                .toList();
    }

    /** Every sentence of a pool, with every emotion and degree. */
    static List<LabelledSentence> all(Pool pool) {
        List<LabelledSentence> all = new ArrayList<>();
        for (String sentence : asserting(pool)) {
            for (Emotion label : LABELS) {
                all.add(new LabelledSentence(sentence.replace("{e}", label.word()), Set.of(label)));
            }
        }
        for (String sentence : claiming(pool)) {
            for (String degree : List.of("", ", strongly", ", slightly")) {
                all.add(new LabelledSentence(sentence + degree, Set.of()));
            }
        }
        weighing(pool).forEach(sentence -> all.add(new LabelledSentence(sentence, Set.of())));
        return all;
    }
}
