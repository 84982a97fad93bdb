package io.migr.corpus.text;

import io.migr.corpus.Cue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The sentences that can express a cue or an appraisal, in three disjoint pools. {@code phrases.txt} holds four per
 * pool and determines the tokenizer's vocabulary; {@code paraphrases.txt} holds eight more for the reward's verifier
 * and eight more for the judge, which have their own word lists.
 *
 * <p>{@code people-phrases.txt} has the sentences about measured people, in the form of {@code phrases.txt} and without
 * paraphrases.
 *
 * <p>A line of {@code phrases.txt} is {@code cue = subjects | training | reward | judge}, a line of {@code
 * paraphrases.txt} is {@code cue = reward | judge}. Every part is a list separated by {@code ;}. All parts but the
 * subjects list predicates, and every subject is combined with every predicate.
 */
public final class Phrases {

    /** What a sentence may be used for. */
    public enum Pool {
        /** Text the network learns to write. */
        TRAINING,
        /** Text the reward's verifier learns to read. */
        REWARD,
        /** Text the judge learns to read. */
        JUDGE
    }

    /** The appraisal that neither modality tells the emotion. */
    static final String LEAD_NONE = "LEADNONE";

    /** What is said of measured people only. */
    private static final String PEOPLE = "people-phrases.txt";

    private static final Set<String> NOT_SHIPPED = new LinkedHashSet<>(Set.of(LEAD_NONE));
    private static final Map<String, List<List<String>>> SHARED = new LinkedHashMap<>();
    private static final Map<String, List<List<String>>> ALL = new LinkedHashMap<>();

    static {
        Map<String, String[]> paraphrases = new LinkedHashMap<>();
        lines("paraphrases.txt").forEach((cue, line) -> paraphrases.put(cue, line.split(" \\| ")));
        Map<String, String> sentencesOf = lines("phrases.txt");
        lines(PEOPLE).forEach((cue, line) -> {
            sentencesOf.put(cue, line);
            NOT_SHIPPED.add(cue);
        });
        sentencesOf.forEach((cue, line) -> {
            String[] parts = line.split(" \\| ");
            List<List<String>> shared = new ArrayList<>();
            List<List<String>> all = new ArrayList<>();
            for (Pool pool : Pool.values()) {
                List<String> sentences = combine(parts[0], parts[1 + pool.ordinal()]);
                shared.add(List.copyOf(sentences));
                if (pool != Pool.TRAINING && paraphrases.containsKey(cue)) {
                    sentences.addAll(combine(parts[0], paraphrases.get(cue)[pool.ordinal() - 1]));
                }
                all.add(List.copyOf(sentences));
            }
            SHARED.put(cue, List.copyOf(shared));
            ALL.put(cue, List.copyOf(all));
        });
    }

    private Phrases() {}

    /** The lines of a resource by cue, without comments; a value is what follows the equals sign. */
    private static Map<String, String> lines(String resource) {
        Map<String, String> lines = new LinkedHashMap<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Phrases.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            reader.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] keyAndValue = line.split(" = ", 2);
                lines.put(keyAndValue[0], keyAndValue[1]);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    private static List<String> combine(String subjects, String predicates) {
        List<String> sentences = new ArrayList<>();
        for (String predicate : predicates.split("; ")) {
            for (String subject : subjects.split("; ")) {
                sentences.add(subject + " " + predicate);
            }
        }
        return sentences;
    }

    /**
     * All sentences that express a cue, without the full stop; {@code {e}} is the placeholder for an emotion's word.
     *
     * @param cue a {@link Cue#id}, or an appraisal: SEES, HEARS, DOUBTFACE, DOUBTVOICE, LEADFACE, LEADVOICE,
     *     LEADBOTH, LEADNONE, CONCLUDE
     */
    public static List<String> sentences(String cue, Pool pool) {
        return ALL.get(cue).get(pool.ordinal());
    }

    /** The sentences of {@code phrases.txt} alone, which make up the tokenizer's vocabulary. */
    static List<String> shared(String cue, Pool pool) {
        return SHARED.get(cue).get(pool.ordinal());
    }

    /** A random one of {@link #sentences}. */
    static String pick(String cue, Pool pool, SplittableRandom random) {
        List<String> sentences = sentences(cue, pool);
        return sentences.get(random.nextInt(sentences.size()));
    }

    /**
     * The cues and appraisals of the drawn corpus: all that have sentences but {@link #LEAD_NONE} and those of measured
     * people. The vocabulary of {@code tiny} and the verifiers are made from these.
     */
    public static Set<String> cues() {
        Set<String> cues = new LinkedHashSet<>(ALL.keySet());
        cues.removeAll(NOT_SHIPPED);
        return Collections.unmodifiableSet(cues);
    }

    /** All cues and appraisals that have sentences. */
    public static Set<String> all() {
        return Collections.unmodifiableSet(ALL.keySet());
    }
}
