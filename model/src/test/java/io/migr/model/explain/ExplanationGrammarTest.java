package io.migr.model.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.Block;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.Modality;
import io.migr.model.ReasoningStep;
import io.migr.model.explain.MeasuredCue.Measures;
import io.migr.model.network.Heads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExplanationGrammarTest {
    private static final List<Emotion> LABELS = Emotion.DFEW;

    @TempDir
    Path folder;

    private Tokenizer tokenizer() throws IOException {
        List<String> words =
                new ArrayList<>(List.of(".", ",", "the", "brows", "are", "lowered", "voice", "is", "loud"));
        LABELS.forEach(label -> words.add(label.word()));
        Path file = folder.resolve("tokenizer.json");
        Tokenizer.writeWordLevel(file, words);
        return Tokenizer.load(file);
    }

    @Test
    void rendersAndParses() {
        List<ReasoningStep> steps = List.of(
                new ReasoningStep(Block.AUDIO, "the voice is loud. this is angry.", Emotion.ANGRY),
                new ReasoningStep(Block.VISUAL, "the brows are lowered. the face alone does not settle it.", null),
                new ReasoningStep(Block.WEIGHING, "the voice leads, so angry.", Emotion.ANGRY));
        String text = ExplanationGrammar.render(steps, Emotion.ANGRY);
        Explanation parsed = ExplanationGrammar.parse(text, LABELS, Finish.STOP).orElseThrow();
        assertEquals(steps, parsed.steps());
        assertEquals(Emotion.ANGRY, parsed.answer());
        assertEquals(Emotion.ANGRY, parsed.assertedEmotion());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<vis_desc>a.</vis_desc><vis_desc>a.</vis_desc><think>a.</think><answer>sad</answer>",
                "<vis_desc>a.</vis_desc><aud_desc>a.</aud_desc><answer>sad</answer>",
                "<vis_desc>a.</vis_desc><aud_desc>a.</aud_desc><think>a.</think><answer>bored</answer>",
                "<vis_desc></vis_desc><aud_desc>a.</aud_desc><think>a.</think><answer>sad</answer>",
                "<vis_desc>a.</vis_desc><aud_desc>a.</aud_desc><think>a.</think><answer>sad</answer> more",
                "<vis_desc>a.</aud_desc><aud_desc>a.</vis_desc><think>a.</think><answer>sad</answer>"
            })
    void anyOtherTextIsMalformed(String text) {
        assertTrue(ExplanationGrammar.parse(text, LABELS, Finish.STOP).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "'this is sad.', SAD",
        "'this is sad. no, this is angry.', SAD",
        "'this is sad. it reads as fear.', FEAR",
        "'it could be sad.', ",
        "'sad or angry.', ",
        "'the face does not say angry.', ",
        "'the brows are lowered.', ",
        "'sadly lowered.', "
    })
    void theLastUnhedgedEmotionIsAsserted(String text, Emotion emotion) {
        assertEquals(emotion, ExplanationGrammar.asserted(text, LABELS));
    }

    @Test
    void tokensRoundTripAndTagsAreSingle() throws IOException {
        try (Tokenizer tokenizer = tokenizer()) {
            String text = "<aud_desc> the voice is loud, the brows are lowered. </aud_desc>";
            long[] ids = tokenizer.encode(text);
            assertEquals(12, ids.length);
            int[] narrow = java.util.Arrays.stream(ids).mapToInt(id -> (int) id).toArray();
            assertEquals(text, tokenizer.decode(narrow));
            assertArrayEquals(ids, tokenizer.encode(tokenizer.decode(narrow)));
            assertThrows(IllegalArgumentException.class, () -> tokenizer.id("elephant"));
            assertEquals(4_000, tokenizer.encode("the ".repeat(4_000)).length);
        }
    }

    @Test
    void anyTokensAllowedByTheConstraintParse() throws IOException {
        long seed = Long.getLong("seed", 11);
        Random random = new Random(seed);
        try (Tokenizer tokenizer = tokenizer()) {
            GrammarConstraint.Tokens tokens = new GrammarConstraint.Tokens(tokenizer, 27, LABELS);
            int cuts = 0;
            for (int i = 0; i < 500; i++) {
                Modality first = i % 3 == 0 ? Modality.AUDIO : i % 3 == 1 ? Modality.VISUAL : null;
                GrammarConstraint constraint = new GrammarConstraint(tokens, first, 2 + random.nextInt(30));
                List<Integer> picked = new ArrayList<>();
                int end = tokenizer.id(Tokenizer.END);
                while (true) {
                    int[] allowed = constraint.allowed();
                    int token = allowed[random.nextInt(allowed.length)];
                    if (token == end) {
                        break;
                    }
                    constraint.accept(token);
                    picked.add(token);
                    assertTrue(picked.size() < 120, "seed " + seed);
                }
                String text = tokenizer.decode(
                        picked.stream().mapToInt(Integer::intValue).toArray());
                Explanation parsed = ExplanationGrammar.parse(text, LABELS, Finish.STOP)
                        .orElseThrow(() -> new AssertionError("seed " + seed + ": " + text));
                if (first != null) {
                    assertEquals(first, parsed.first());
                }
                cuts += constraint.cut() ? 1 : 0;
            }
            assertTrue(cuts > 0, "some blocks hit their limit");
        }
    }

    /** Two of the sentences begin alike, and the limit is below their length. */
    @Test
    void theWeighingBlockAlwaysBeginsWithALeadSentence() throws IOException {
        long seed = Long.getLong("seed", 12);
        Random random = new Random(seed);
        List<String> loud = List.of("the voice is loud", "the voice is loud, the brows are lowered", "loud is loud");
        try (Tokenizer tokenizer = tokenizer()) {
            GrammarConstraint.Tokens tokens = new GrammarConstraint.Tokens(
                    tokenizer,
                    27,
                    LABELS,
                    Map.of(Dominance.AUDIO, loud, Dominance.VISUAL, List.of("the brows are lowered")),
                    List.of());
            Set<String> begun = new HashSet<>();
            for (int i = 0; i < 300; i++) {
                GrammarConstraint constraint =
                        new GrammarConstraint(tokens, null, 3 + random.nextInt(20), Dominance.AUDIO, 0);
                int[] picked = pickAnything(constraint, tokenizer.id(Tokenizer.END), random);
                Explanation parsed = ExplanationGrammar.parse(tokenizer.decode(picked), LABELS, Finish.STOP)
                        .orElseThrow();
                String weighing = parsed.steps().get(2).text();
                String lead = weighing.substring(0, weighing.indexOf('.'));
                assertTrue(loud.contains(lead), "seed " + seed + ": " + weighing);
                assertEquals(Dominance.AUDIO, tokens.statedLead(picked));
                begun.add(lead);
            }
            assertEquals(Set.copyOf(loud), begun, "every lead sentence is picked at some seed");
        }
    }

    /** Both sentences begin alike, and each is barred in turn. */
    @Test
    void cuesThatAreNotMeasuredAreNeverClaimed() throws IOException {
        long seed = Long.getLong("seed", 13);
        Random random = new Random(seed);
        List<String> sentences = List.of("voice lowered", "voice loud");
        List<MeasuredCue> cues = List.of(
                new MeasuredCue(MeasuredCue.Head.ACTION_UNIT, 4, 0.3, List.of(sentences.get(0))),
                new MeasuredCue(MeasuredCue.Head.RAISED, 3, 0.6, List.of(sentences.get(1))));
        double[] frown = new double[Heads.ACTION_UNITS.size()];
        frown[Heads.ACTION_UNITS.indexOf(4)] = 0.4;
        double[] loud = {0, 0, 0, 0.7, 0, 0, 0, 0};
        try (Tokenizer tokenizer = tokenizer()) {
            GrammarConstraint.Tokens tokens = new GrammarConstraint.Tokens(tokenizer, 27, LABELS, Map.of(), cues);
            assertEquals(0, tokens.barred(new Measures(frown, loud)));
            assertEquals(1, tokens.barred(new Measures(null, loud)));
            assertEquals(2, tokens.barred(new Measures(frown, null)));
            Set<Integer> claimed = new HashSet<>();
            for (int i = 0; i < 3000; i++) {
                int barred = i % 3;
                GrammarConstraint constraint = new GrammarConstraint(tokens, null, 40, null, barred);
                int[] picked = pickAnything(constraint, tokenizer.id(Tokenizer.END), random);
                Explanation parsed = ExplanationGrammar.parse(tokenizer.decode(picked), LABELS, Finish.STOP)
                        .orElseThrow();
                for (ReasoningStep step : parsed.steps().subList(0, 2)) {
                    for (String sentence : step.text().split("\\. ?")) {
                        int cue = sentences.indexOf(sentence);
                        assertTrue(cue < 0 || (barred & 1 << cue) == 0, "seed " + seed + ": " + step.text());
                        claimed.add(cue);
                    }
                }
            }
            assertTrue(claimed.containsAll(Set.of(0, 1)), "measured cues are claimed at some seeds");
        }
    }

    /** "voice" stays allowed although neither loud nor lowered may follow, because other sentences begin with it. */
    @Test
    void barringACueKeepsTheWordsItSharesWithOthers() throws IOException {
        try (Tokenizer tokenizer = tokenizer()) {
            MeasuredCue loud = new MeasuredCue(MeasuredCue.Head.RAISED, 3, 0.6, List.of("voice loud"));
            MeasuredCue other = new MeasuredCue(MeasuredCue.Head.VOICE, -1, 0, List.of("voice lowered"));
            double[] soft = new double[8];
            assertEquals(Set.of(tokenizer.id("voice")), closedAtFirst(tokenizer, soft, loud));
            assertEquals(Set.of(), closedAtFirst(tokenizer, soft, loud, other));
            assertEquals(Set.of(tokenizer.id("voice")), closedAtFirst(tokenizer, null, loud, other));
        }
    }

    /** "the voice loud" is allowed and "the voice lowered" is barred. */
    @Test
    void aSentenceThatBeginsAsAListedOneContinuesAsOne() throws IOException {
        try (Tokenizer tokenizer = tokenizer()) {
            List<MeasuredCue> cues = List.of(
                    new MeasuredCue(MeasuredCue.Head.RAISED, 3, 0.6, List.of("the voice loud")),
                    new MeasuredCue(MeasuredCue.Head.LOWERED, 3, 0.6, List.of("the voice lowered")));
            GrammarConstraint.Tokens tokens = new GrammarConstraint.Tokens(tokenizer, 27, LABELS, Map.of(), cues);
            GrammarConstraint constraint = new GrammarConstraint(tokens, Modality.AUDIO, 40, null, 2);
            int[] anything = openAfter(tokenizer, constraint, "<aud_desc>");
            assertTrue(anything.length > 10, "other beginnings of a sentence are allowed");
            assertArrayEquals(new int[] {tokenizer.id("voice")}, openAfter(tokenizer, constraint, "the"));
            assertArrayEquals(new int[] {tokenizer.id("loud")}, openAfter(tokenizer, constraint, "voice"));
            assertArrayEquals(anything, openAfter(tokenizer, constraint, "loud"));
        }
    }

    private static int[] openAfter(Tokenizer tokenizer, GrammarConstraint constraint, String token) {
        constraint.accept(tokenizer.id(token));
        return constraint.allowed();
    }

    private static Set<Integer> closedAtFirst(Tokenizer tokenizer, double[] deviations, MeasuredCue... cues) {
        CueSentences sentences = new CueSentences(tokenizer, List.of(cues));
        return sentences.root().closed(sentences.barred(new Measures(null, deviations)));
    }

    @Test
    void otherSentencesDependOnThePresenceOfTheirModality() {
        double[] units = new double[Heads.ACTION_UNITS.size()];
        double[] deviations = new double[8];
        for (boolean face : new boolean[] {true, false}) {
            for (boolean voice : new boolean[] {true, false}) {
                Map<MeasuredCue.Head, Boolean> expected = Map.of(
                        MeasuredCue.Head.FACE,
                        face,
                        MeasuredCue.Head.NO_FACE,
                        !face,
                        MeasuredCue.Head.VOICE,
                        voice,
                        MeasuredCue.Head.NO_VOICE,
                        !voice);
                expected.forEach((head, holds) -> assertEquals(
                        holds,
                        new MeasuredCue(head, -1, 0, List.of())
                                .holds(new Measures(face ? units : null, voice ? deviations : null)),
                        head + " " + face + " " + voice));
            }
        }
    }

    @Test
    void aVoiceIsEvenWhenAllItsDimensionsAreCloseToNeutral() {
        MeasuredCue even = new MeasuredCue(MeasuredCue.Head.EVEN, -1, 0.7, List.of());
        assertTrue(even.holds(new Measures(null, new double[] {0.1, -0.6, 0, 0, 0, 0, 0, 0})));
        assertEquals(false, even.holds(new Measures(null, new double[] {0.1, -0.8, 0, 0, 0, 0, 0, 0})));
        assertEquals(false, even.holds(new Measures(null, null)), "nobody speaks");
        MeasuredCue low = new MeasuredCue(MeasuredCue.Head.LOWERED, 1, 0.6, List.of());
        assertTrue(low.holds(new Measures(null, new double[] {0, -0.6, 0, 0, 0, 0, 0, 0})));
        assertEquals(false, low.holds(new Measures(null, new double[] {0, 0.6, 0, 0, 0, 0, 0, 0})));
    }

    private static int[] pickAnything(GrammarConstraint constraint, int end, Random random) {
        IntStream.Builder picked = IntStream.builder();
        while (true) {
            int[] allowed = constraint.allowed();
            int token = allowed[random.nextInt(allowed.length)];
            if (token == end) {
                return picked.build().toArray();
            }
            constraint.accept(token);
            picked.add(token);
        }
    }

    @Test
    void aLeadSentenceWithAnUnknownWordIsRejected() throws IOException {
        try (Tokenizer tokenizer = tokenizer()) {
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> new LeadSentences(tokenizer, Map.of(Dominance.BALANCED, List.of("the elephant is loud"))));
            assertTrue(refused.getMessage().contains("\"the elephant is loud\""), refused.getMessage());
            LeadSentences none = new LeadSentences(tokenizer, Map.of());
            assertEquals(List.of(), none.of(Dominance.BALANCED));
        }
    }

    @Test
    void aSentenceThatEndsAtTheLimitGetsNoSecondFullStop() throws IOException {
        try (Tokenizer tokenizer = tokenizer()) {
            GrammarConstraint.Tokens tokens = new GrammarConstraint.Tokens(tokenizer, 27, LABELS);
            GrammarConstraint constraint = new GrammarConstraint(tokens, Modality.AUDIO, 4);
            for (String token : List.of("<aud_desc>", "the", "voice", ".")) {
                constraint.allowed();
                constraint.accept(tokenizer.id(token));
            }
            assertArrayEquals(new int[] {tokenizer.id("</aud_desc>")}, constraint.allowed());
            assertEquals(false, constraint.cut());
        }
    }
}
