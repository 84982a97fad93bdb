package io.migr.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.corpus.text.CueReader;
import io.migr.corpus.text.Phrases;
import io.migr.corpus.text.Rationale;
import io.migr.corpus.text.Rationale.Draft;
import io.migr.corpus.text.Rationale.Order;
import io.migr.corpus.text.Rationale.Text;
import io.migr.model.Block;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.Modality;
import io.migr.model.ReasoningStep;
import io.migr.model.explain.ExplanationGrammar;
import java.io.IOException;
import java.nio.file.Path;
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
    void noSentenceIsInTwoPoolsOrExpressesTwoCues() {
        Map<String, String> owners = new HashMap<>();
        for (String cue : Phrases.all()) {
            for (Phrases.Pool pool : Phrases.Pool.values()) {
                for (String sentence : Phrases.sentences(cue, pool)) {
                    String other = owners.put(sentence, cue + " " + pool);
                    // appraisals of the whole may use the same words as appraisals of its parts
                    assertTrue(other == null, sentence + " expresses " + cue + " " + pool + " and " + other);
                }
                boolean ofPeople = !Phrases.cues().contains(cue) && !cue.equals("LEADNONE");
                int expected = pool == Phrases.Pool.TRAINING || ofPeople ? 4 : 12;
                assertEquals(expected, Phrases.sentences(cue, pool).size(), cue + " " + pool);
            }
        }
    }

    /** The sentence for nothing tells can be written and read; the shipped vocabulary and verifiers do not know it. */
    @Test
    void aClipThatTellsNothingIsSaidToTellNothing() {
        double[] face = new double[DrawnFaceCues.UNITS.length];
        CueAnnotation clip = CueAnnotation.measured(
                3, Emotion.SAD, face, new double[DrawnVoiceCues.Dimension.values().length], 0, Dominance.NEITHER);
        Set<Modality> firsts = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            String text = Rationale.SHIPPED.write(clip, new SplittableRandom(seed));
            Explanation explanation =
                    ExplanationGrammar.parse(text, Emotion.DFEW, Finish.STOP).orElseThrow();
            assertEquals(Dominance.NEITHER, CueReader.lead(explanation), text);
            firsts.add(explanation.first());
        }
        assertEquals(Set.of(Modality.VISUAL, Modality.AUDIO), firsts);
        assertFalse(Phrases.cues().contains("LEADNONE"));
    }

    @Test
    void theVocabularyEqualsThatOfTheShippedWeights() throws IOException {
        JsonNode tokens = new ObjectMapper()
                .readTree(Path.of("../model/weights/tiny/tokenizer.json").toFile())
                .path("model")
                .path("vocab");
        int id = tokens.path("</answer>").asInt();
        for (String word : Rationale.vocabulary()) {
            assertEquals(++id, tokens.path(word).asInt(-1), word);
        }
    }

    @Test
    void shippedTextIsConsistentAndStartsWithTheLeadingModality() {
        int asserted = 0;
        for (int i = 0; i < CLIPS; i++) {
            ClipTruth clip = ClipTruth.of(Split.SFT.seed(i));
            Explanation explanation = written(Rationale.SHIPPED, clip);
            assertEquals(clip.label(), explanation.answer());
            assertEquals(clip.label(), explanation.assertedEmotion());
            for (ReasoningStep step : explanation.steps()) {
                assertTrue(step.emotion() == null || step.emotion() == clip.label(), explanation.raw());
                asserted += step.emotion() != null && step.block().isDescription() ? 1 : 0;
            }
            Modality first = explanation.first();
            if (clip.oracle() != Dominance.BALANCED) {
                assertEquals(clip.oracle() == Dominance.VISUAL ? Modality.VISUAL : Modality.AUDIO, first);
            }
        }
        assertTrue(asserted > CLIPS && asserted < 1.7 * CLIPS, "blocks that assert an emotion: " + asserted);
    }

    @Test
    void rawTextContradictsTheLabelAndHalfTextRewritesHalfOfThat() {
        double raw = contradictions(new Rationale(Text.RAW, Order.VISUAL_FIRST, 1));
        double half = contradictions(new Rationale(Text.HALF, Order.VISUAL_FIRST, 1));
        double led = contradictions(new Rationale(Text.RAW, Order.IMPORTANCE, 1));
        assertTrue(raw > 0.2, "share of raw texts that start with the face and contradict the label: " + raw);
        assertEquals(raw / 2, half, 0.05);
        assertTrue(led < raw - 0.05, "contradictions, ordered by importance: " + led + ", face first: " + raw);
    }

    @Test
    void theFirstBlockIsAppraisedFromItsOwnCuesAlone() {
        Rationale raw = new Rationale(Text.RAW, Order.VISUAL_FIRST, 1);
        double agreement = 0;
        double expected = 0;
        for (int i = 0; i < CLIPS; i++) {
            ClipTruth clip = ClipTruth.of(Split.SFT.seed(i));
            if (clip.units() == null) {
                continue;
            }
            Posterior face = Cue.posterior(Cue.salient(clip, Modality.VISUAL));
            double squares = Emotion.DFEW.stream()
                    .mapToDouble(y -> face.of(y) * face.of(y))
                    .sum();
            expected += face.peak() * face.peak() / squares;
            agreement += written(raw, clip).steps().get(0).emotion() == face.best() ? 1 : 0;
        }
        // drawn from the squared posterior: the best emotion's probability is its share of the squares
        assertEquals(expected / CLIPS, agreement / CLIPS, 0.025);
    }

    @Test
    void primacyDiscountsOnlyTheSecondBlock() {
        int[] visualFirst = new int[2];
        for (int i = 0; i < CLIPS; i++) {
            ClipTruth clip = ClipTruth.of(Split.SFT.seed(i));
            if (clip.regime() == Regime.AUDIO_DOMINANT) {
                for (int p = 0; p < 2; p++) {
                    Rationale raw = new Rationale(Text.RAW, Order.VISUAL_FIRST, p == 0 ? 1 : 0.4);
                    visualFirst[p] += written(raw, clip).assertedEmotion() == clip.label() ? 1 : 0;
                }
            }
        }
        assertTrue(visualFirst[1] < 0.9 * visualFirst[0], visualFirst[0] + " to " + visualFirst[1]);
    }

    @Test
    void everyOrderNamesTheModalityThatTrulyLeads() {
        for (Order order : Order.values()) {
            for (int i = 0; i < 200; i++) {
                ClipTruth clip = ClipTruth.of(Split.RL.seed(i));
                String think = written(new Rationale(Text.RAW, order, 1), clip)
                        .steps()
                        .get(2)
                        .text();
                String lead = CueReader.meaning(think.substring(0, think.indexOf('.')));
                assertEquals(
                        switch (clip.oracle()) {
                            case VISUAL -> "LEADFACE";
                            case AUDIO -> "LEADVOICE";
                            case BALANCED -> "LEADBOTH";
                            case NEITHER -> throw new AssertionError("no clip of the corpus tells nothing");
                        },
                        lead,
                        order + ": " + think);
            }
        }
    }

    @Test
    void aRandomOrderIsIndependentOfTheClip() {
        int random = 0;
        int decided = 0;
        for (int i = 0; i < CLIPS; i++) {
            ClipTruth clip = ClipTruth.of(Split.SFT.seed(i));
            if (clip.oracle() != Dominance.BALANCED) {
                decided++;
                random += first(Order.RANDOM, clip) == clip.oracle().modality() ? 1 : 0;
            }
        }
        assertEquals(0.5, random / (double) decided, 0.05);
    }

    private static Modality first(Order order, ClipTruth clip) {
        return written(new Rationale(Text.CONSISTENT, order, 1), clip).first();
    }

    @Test
    void withConsistentFacesOnlyTheVisualBlockChangesToTheLabelOrDoubt() {
        Rationale plain = new Rationale(Text.RAW, Order.IMPORTANCE, 0.4);
        Rationale checked = new Rationale(Text.RAW, Order.IMPORTANCE, 0.4, true);
        int rewritten = 0;
        for (int i = 0; i < CLIPS; i++) {
            ClipTruth clip = ClipTruth.of(Split.SFT.seed(i));
            Draft draft = checked.draft(clip, Phrases.Pool.TRAINING, new SplittableRandom(clip.seed()));
            Explanation after = parsed(draft.text());
            for (int s = 0; s < 3; s++) {
                ReasoningStep before = written(plain, clip).steps().get(s);
                ReasoningStep step = after.steps().get(s);
                if (step.block() != Block.VISUAL) {
                    assertEquals(before.emotion(), step.emotion());
                } else if (clip.units() != null) {
                    assertEquals(FaceConsistency.holds(clip) ? clip.label() : null, step.emotion());
                    assertEquals(before.emotion() != step.emotion(), draft.faceRewritten());
                }
            }
            rewritten += draft.faceRewritten() ? 1 : 0;
        }
        assertTrue(rewritten > 0.2 * CLIPS && rewritten < 0.6 * CLIPS, rewritten + " rewritten");
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
    void cuesAreTrueAndTheVocabularyContainsEveryWord() {
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
            assertFalse(smiles && !clip.units()[DrawnFaceCues.index(12)], all);
        }
        assertTrue(seen.size() > 150, seen.size() + " different words");
        assertTrue(vocabulary.size() < 1_000, vocabulary.size() + " words");
    }

    private static Explanation written(Rationale rationale, ClipTruth clip) {
        return parsed(rationale.write(clip, new SplittableRandom(clip.seed())));
    }

    private static Explanation parsed(String text) {
        return ExplanationGrammar.parse(text, Emotion.DFEW, Finish.STOP).orElseThrow(() -> new AssertionError(text));
    }

    @Test
    void theHeadsPredictTheUnitsThatTheCorpusShows() {
        assertEquals(
                io.migr.model.network.Heads.ACTION_UNITS,
                java.util.Arrays.stream(DrawnFaceCues.UNITS).boxed().toList());
        assertEquals(io.migr.model.network.Heads.PROSODY_DIMENSIONS, DrawnVoiceCues.Dimension.values().length);
        assertEquals(io.migr.model.network.Heads.SOUND_KINDS, DrawnVoiceCues.Event.values().length);
        assertEquals(List.of(Emotion.DFEW), List.of(Posterior.LABELS));
    }
}
