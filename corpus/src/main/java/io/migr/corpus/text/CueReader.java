package io.migr.corpus.text;

import io.migr.corpus.Cue;
import io.migr.corpus.CueAnnotation;
import io.migr.corpus.Posterior;
import io.migr.model.Block;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.ReasoningStep;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Parses text back into the cues it claims: the exact inverse of {@link Phrases}, for all three pools. A degree
 * ({@code , strongly}) is not part of the claim. Thread-safe.
 */
public final class CueReader {
    private static final Map<String, String> MEANINGS = meanings();

    private CueReader() {}

    private static Map<String, String> meanings() {
        Map<String, String> meanings = new HashMap<>();
        for (String cue : Phrases.all()) {
            for (Phrases.Pool pool : Phrases.Pool.values()) {
                for (String sentence : Phrases.sentences(cue, pool)) {
                    for (Emotion label : sentence.contains("{e}") ? Posterior.LABELS : List.of(Emotion.NEUTRAL)) {
                        meanings.put(sentence.replace("{e}", label.word()), cue);
                    }
                }
            }
        }
        return Map.copyOf(meanings);
    }

    /**
     * What one block claims.
     *
     * @param block which one it is
     * @param cues the claimed cues in the order of the text, each once
     * @param repeated number of sentences that claim a cue which the block has already claimed
     * @param unread number of sentences that are not in {@link Phrases}
     */
    public record Claims(Block block, List<Cue> cues, int repeated, int unread) {
        public Claims {
            cues = List.copyOf(cues);
        }
    }

    /**
     * Counts of claims compared with the truth of a clip; summed over clips they give precision and recall.
     *
     * @param claimed number of different cues the explanation claims
     * @param correct how many of them are true: precision = correct / claimed
     * @param salient number of cues an annotator would name, see {@link Cue#salient}
     * @param recalled how many of these are claimed: recall = recalled / salient
     */
    public record Truthfulness(int claimed, int correct, int salient, int recalled) {

        public Truthfulness plus(Truthfulness other) {
            return new Truthfulness(
                    claimed + other.claimed,
                    correct + other.correct,
                    salient + other.salient,
                    recalled + other.recalled);
        }

        /** Share of claims that are true, 0..1; NaN without a claim. The hallucination rate is 1 - precision. */
        public double precision() {
            return claimed == 0 ? Double.NaN : correct / (double) claimed;
        }

        /** Share of salient cues that are claimed, 0..1; NaN where nothing is salient. */
        public double recall() {
            return salient == 0 ? Double.NaN : recalled / (double) salient;
        }
    }

    /**
     * What a sentence is about.
     *
     * @param sentence with or without its full stop
     * @return a key of {@link Phrases}; null: the sentence is not in {@link Phrases}
     */
    public static String meaning(String sentence) {
        String plain = sentence.strip().toLowerCase(Locale.ROOT).replaceAll("\\s*[.!?]+$", "");
        String bare = plain.replaceAll("\\s*,\\s*(strongly|slightly)$", "").replaceAll("\\s+", " ");
        return MEANINGS.get(bare);
    }

    /** The cue that a sentence claims; null: it claims none. */
    public static Cue cue(String sentence) {
        String meaning = meaning(sentence);
        return meaning == null ? null : Cue.of(meaning);
    }

    /** Two sentences with an equal value repeat each other: it is the claimed cue, or the text if there is none. */
    public static Object claim(String sentence) {
        Cue cue = cue(sentence);
        return cue == null ? sentence : cue;
    }

    private static List<String> sentences(ReasoningStep step) {
        return Arrays.stream(step.text().split("(?<=[.!?])"))
                .filter(sentence -> !sentence.isBlank())
                .toList();
    }

    /** The claims of one block. */
    public static Claims claims(ReasoningStep step) {
        Set<Cue> cues = new LinkedHashSet<>();
        int repeated = 0;
        int unread = 0;
        for (String sentence : sentences(step)) {
            Cue cue = cue(sentence);
            if (cue == null) {
                unread += meaning(sentence) == null ? 1 : 0;
            } else if (!cues.add(cue)) {
                repeated++;
            }
        }
        return new Claims(step.block(), List.copyOf(cues), repeated, unread);
    }

    /** The claims of an explanation, block by block in the order of the text. */
    public static List<Claims> claims(Explanation explanation) {
        return explanation.steps().stream().map(CueReader::claims).toList();
    }

    /** All different cues an explanation claims, in the order of the text. */
    public static List<Cue> cues(Explanation explanation) {
        Set<Cue> cues = new LinkedHashSet<>();
        claims(explanation).forEach(block -> cues.addAll(block.cues()));
        return List.copyOf(cues);
    }

    /** The modality that leads according to the weighing block; balanced if it names both or none, neither if it says that none tells. */
    public static Dominance lead(Explanation explanation) {
        Dominance lead = Dominance.BALANCED;
        for (ReasoningStep step : explanation.steps()) {
            for (String sentence : step.block() == Block.WEIGHING ? sentences(step) : List.<String>of()) {
                String meaning = meaning(sentence);
                for (Dominance one : Dominance.values()) {
                    lead = one != Dominance.BALANCED && Rationale.lead(one).equals(meaning) ? one : lead;
                }
            }
        }
        return lead;
    }

    /** Compares an explanation's claims with the truth of a clip. */
    public static Truthfulness truthfulness(Explanation explanation, CueAnnotation clip) {
        List<Cue> claimed = cues(explanation);
        List<Cue> salient = Cue.salient(clip);
        Set<Cue> found = new HashSet<>(salient);
        found.retainAll(claimed);
        int correct = (int) claimed.stream().filter(cue -> cue.isTrue(clip)).count();
        return new Truthfulness(claimed.size(), correct, salient.size(), found.size());
    }
}
