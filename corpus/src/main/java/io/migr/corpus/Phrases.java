package io.migr.corpus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The sentences that can stand for a cue, in three pools that share none: {@code phrases.txt}. */
final class Phrases {

    /** Who may use a sentence: training text, the reward's verifier, the judge. */
    enum Pool {
        TRAINING,
        REWARD,
        JUDGE
    }

    private static final Map<String, List<List<String>>> SENTENCES = read();

    private Phrases() {}

    private static Map<String, List<List<String>>> read() {
        Map<String, List<List<String>>> all = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(Phrases.class.getResourceAsStream("phrases.txt"), StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] sides = line.split(" = ", 2);
                String[] parts = sides[1].split(" \\| ");
                List<List<String>> pools = new ArrayList<>();
                for (Pool pool : Pool.values()) {
                    List<String> sentences = new ArrayList<>();
                    for (String predicate : parts[1 + pool.ordinal()].split("; ")) {
                        for (String subject : parts[0].split("; ")) {
                            sentences.add(subject + " " + predicate);
                        }
                    }
                    pools.add(List.copyOf(sentences));
                }
                all.put(sides[0], List.copyOf(pools));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** Everything that can be said of a cue, without the full stop; {@code {e}} stands for an emotion's word. */
    static List<String> sentences(String cue, Pool pool) {
        return SENTENCES.get(cue).get(pool.ordinal());
    }

    /** One of them. */
    static String pick(String cue, Pool pool, SplittableRandom random) {
        List<String> sentences = sentences(cue, pool);
        return sentences.get(random.nextInt(sentences.size()));
    }

    /** All cues that have sentences. */
    static Iterable<String> cues() {
        return SENTENCES.keySet();
    }
}
