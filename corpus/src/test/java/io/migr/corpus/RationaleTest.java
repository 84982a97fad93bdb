package io.migr.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.Rationale.Order;
import io.migr.corpus.Rationale.Text;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.ExplanationGrammar;
import io.migr.model.Modality;
import io.migr.model.ReasoningStep;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RationaleTest {
    private static final int CLIPS = 2_000;

    @Test
    void noSentenceStandsInTwoPoolsOrForTwoCues() {
        Map<String, String> owners = new HashMap<>();
        for (String cue : Phrases.cues()) {
            int sentences = 0;
            for (Phrases.Pool pool : Phrases.Pool.values()) {
                for (String sentence : Phrases.sentences(cue, pool)) {
                    String other = owners.put(sentence, cue + " " + pool);
                    // a whole and its parts may be appraised in the same words
                    assertTrue(other == null, sentence + " is said of " + cue + " " + pool + " and of " + other);
                    sentences++;
                }
            }
            assertEquals(12, sentences, cue);
        }
    }

    @Test
    void shippedTextIsConsistentAndStartsWithWhatLeads() {
        int asserted = 0;
        for (int i = 0; i < CLIPS; i++) {
            ClipTruth clip = ClipTruth.of(Split.SFT.seed(i));
            Explanation explanation = written(Rationale.SHIPPED, clip);
            assertEquals(clip.label(), explanation.answer());
            assertEquals(clip.label(), explanation.assertedEmotion());
            for (ReasoningStep step : explanation.steps()) {
                assertTrue(step.emotion() == null || step.emotion() == clip.label(), explanation.raw());
                asserted += step.emotion() != null && step.modality() != null ? 1 : 0;
            }
            Modality first = explanation.steps().get(0).modality();
            if (clip.oracle() != Dominance.BALANCED) {
                assertEquals(clip.oracle() == Dominance.VISUAL ? Modality.VISUAL : Modality.AUDIO, first);
            }
        }
        assertTrue(asserted > CLIPS && asserted < 1.7 * CLIPS, "blocks that assert: " + asserted);
    }

    @Test
    void rawTextContradictsTheLabelAndHalfOfThatIsRewritten() {
        double raw = contradictions(new Rationale(Text.RAW, Order.VISUAL_FIRST, 1));
        double half = contradictions(new Rationale(Text.HALF, Order.VISUAL_FIRST, 1));
        double led = contradictions(new Rationale(Text.RAW, Order.IMPORTANCE, 1));
        assertTrue(raw > 0.2, "visually started raw text contradicts in " + raw);
        assertEquals(raw / 2, half, 0.05);
        assertTrue(led < raw - 0.05, "led by importance: " + led + ", by the face: " + raw);
    }

    private static double contradictions(Rationale rationale) {
        int contradictions = 0;
        for (int i = 0; i < CLIPS; i++) {
            ClipTruth clip = ClipTruth.of(Split.SFT.seed(i));
            Emotion first = written(rationale, clip).steps().get(0).emotion();
            contradictions += first != null && first != clip.label() ? 1 : 0;
        }
        return contradictions / (double) CLIPS;
    }

    @Test
    void cuesAreTrueAndTheVocabularyHoldsEveryWord() {
        Set<String> vocabulary = Rationale.vocabulary();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < CLIPS; i++) {
            ClipTruth clip = ClipTruth.of(Split.SFT.seed(i));
            Explanation explanation = written(Rationale.SHIPPED, clip);
            for (ReasoningStep step : explanation.steps()) {
                for (String word : step.text().split("(?=[.,])| ")) {
                    assertTrue(word.isEmpty() || vocabulary.contains(word), word);
                    seen.add(word);
                }
            }
            String all = explanation.raw();
            boolean smiles =
                    Phrases.sentences("AU12", Phrases.Pool.TRAINING).stream().anyMatch(all::contains);
            assertFalse(smiles && !clip.units()[FaceCues.index(12)], all);
        }
        assertTrue(seen.size() > 150, seen.size() + " different words");
        assertTrue(vocabulary.size() < 1_000, vocabulary.size() + " words");
    }

    private static Explanation written(Rationale rationale, ClipTruth clip) {
        String text = rationale.write(clip, new SplittableRandom(clip.seed()));
        return ExplanationGrammar.parse(text, Emotion.DFEW, Finish.STOP).orElseThrow(() -> new AssertionError(text));
    }

    @Test
    void headsReadTheUnitsThatTheCorpusShows() {
        assertEquals(
                io.migr.model.Heads.ACTION_UNITS,
                java.util.Arrays.stream(FaceCues.UNITS).boxed().toList());
        assertEquals(io.migr.model.Heads.PROSODY_DIMENSIONS, VoiceCues.Dimension.values().length);
        assertEquals(io.migr.model.Heads.SOUND_KINDS, VoiceCues.Event.values().length);
        assertEquals(List.of(Emotion.DFEW), List.of(Posterior.LABELS));
    }
}
