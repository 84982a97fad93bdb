package io.migr.model.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.Emotion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ERV's rule from probabilities to sets, the splitting into sentences, and the cache. */
final class SentenceVerifierTest {

    @ParameterizedTest
    @CsvSource({
        // happy, sad, fear, nothing
        "0.9 0.0 0.0 0.0, HAPPY",
        "0.9 0.3 0.0 0.0, HAPPY SAD",
        "0.9 0.3 0.2 0.0, HAPPY SAD",
        "0.2 0.3 0.9 0.0, SAD FEAR",
        "0.1 0.0 0.0 0.0, HAPPY",
        // asserting nothing is a class: it takes one of the two places but adds no emotion
        "0.0 0.0 0.0 0.9, ''",
        "0.3 0.2 0.0 0.9, HAPPY",
        // none reaches the threshold: the most probable class
        "0.01 0.05 0.02 0.04, SAD",
        "0.01 0.02 0.02 0.04, ''"
    })
    void atMostTwoClassesOverTheThresholdElseTheBest(String probabilities, String chosen) {
        double[] p = Arrays.stream(probabilities.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        Set<Emotion> set = SentenceVerifier.chosen(p, List.of(Emotion.HAPPY, Emotion.SAD, Emotion.FEAR));
        assertEquals(chosen, String.join(" ", set.stream().map(Enum::name).toList()));
    }

    @Test
    void sentencesEndAtMarksOutsideQuotes() {
        assertEquals(List.of("a b", "c", "d"), SentenceSplitter.of(" a b. c?! d"));
        assertEquals(
                List.of("she says \"no. never!\" and leaves", "so"),
                SentenceSplitter.of("she says \"no. never!\" and leaves. so."));
        assertEquals(List.of("it's one", "two"), SentenceSplitter.of("it's one... two."));
        assertEquals(List.of("\u201cno. no\u201d it is", "x"), SentenceSplitter.of("\u201cno. no\u201d it is. x"));
        assertEquals(List.of(), SentenceSplitter.of(" . "));
    }

    @Test
    void aSentenceIsReadOnceAndTheLeastRecentlyUsedIsEvicted() {
        List<String> asked = new ArrayList<>();
        CachedVerifier cached = new CachedVerifier(
                sentences -> {
                    asked.addAll(sentences);
                    return sentences.stream().map(SentenceVerifierTest::named).toList();
                },
                2);
        List<Set<Emotion>> sets = cached.emotions(List.of("it is sad", "so", "it is sad"));
        assertEquals(List.of(Set.of(Emotion.SAD), Set.of(), Set.of(Emotion.SAD)), sets);
        assertEquals(List.of("it is sad", "so"), asked);
        cached.emotions(List.of("it is sad"));
        assertEquals(2, asked.size());
        cached.emotions(List.of("fear"));
        cached.emotions(List.of("it is sad"));
        assertEquals(List.of("it is sad", "so", "fear"), asked);
        cached.emotions(List.of("so"));
        assertEquals(4, asked.size());
        assertTrue(cached.hitRate() > 0.2 && cached.hitRate() < 0.5);
        // more at once than the cache can hold
        assertEquals(3, cached.emotions(List.of("x", "y", "z")).size());
    }

    /** The emotions whose words a sentence has. */
    private static Set<Emotion> named(String sentence) {
        return Arrays.stream(Emotion.values())
                .filter(emotion -> sentence.contains(emotion.word()))
                .collect(Collectors.toSet());
    }
}
