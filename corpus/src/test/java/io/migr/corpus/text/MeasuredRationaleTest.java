package io.migr.corpus.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.Cue;
import io.migr.corpus.CueAnnotation.Reported;
import io.migr.corpus.Split;
import io.migr.corpus.people.PeopleClip;
import io.migr.model.Block;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.ReasoningStep;
import io.migr.model.explain.ExplanationGrammar;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeasuredRationaleTest {
    private static final List<Reported> CLIPS = IntStream.range(0, 400)
            .mapToObj(i -> Reported.of(PeopleClip.of(Split.TEST.seed(i))))
            .toList();

    private static String text(Reported clip) {
        return MeasuredRationale.SHIPPED.write(clip, new SplittableRandom(clip.seed()));
    }

    private static Explanation explanation(Reported clip) {
        return ExplanationGrammar.parse(text(clip), Emotion.DFEW, Finish.STOP).orElseThrow();
    }

    @Test
    void saysOnlyWhatWasMeasured() {
        int claimed = 0;
        for (Reported clip : CLIPS) {
            for (CueReader.Claims claims : CueReader.claims(explanation(clip))) {
                assertEquals(0, claims.unread(), text(clip));
                assertEquals(0, claims.repeated(), text(clip));
                for (Cue cue : claims.cues()) {
                    assertTrue(clip.reading().claims().containsKey(cue.id()), cue + " in " + text(clip));
                    claimed++;
                }
            }
        }
        assertTrue(claimed > 3 * CLIPS.size(), claimed + " claims");
    }

    @Test
    void concludesAndAnswersTheBestGuessAndStartsWithWhatLeads() {
        for (Reported clip : CLIPS) {
            Explanation explanation = explanation(clip);
            assertEquals(clip.concludes(), explanation.answer());
            assertEquals(clip.concludes(), explanation.assertedEmotion());
            assertEquals(clip.leads(), CueReader.lead(explanation), text(clip));
            if (clip.leads().modality() != null) {
                assertEquals(clip.leads().modality(), explanation.first(), text(clip));
            }
        }
    }

    /** Of a voice nothing but arousal and laughter can be told, and nobody knows what anybody feels. */
    @Test
    void aVoiceTellsNoEmotionUnlessItMayBeLaughing() {
        for (Reported clip : CLIPS) {
            boolean laughs = clip.reading().claims().containsKey("LAUGH?");
            for (ReasoningStep step : explanation(clip).steps()) {
                assertTrue(step.block() != Block.AUDIO || step.emotion() == null || laughs, text(clip));
            }
            assertFalse(text(clip).matches("(?s).*\\b(feels?|feeling)\\b.*"), text(clip));
        }
    }

    @Test
    void theVocabularyHoldsEveryWord() {
        Set<String> words = MeasuredRationale.vocabulary();
        for (Reported clip : CLIPS) {
            String plain = text(clip).replaceAll("<[^>]+>", " ").replaceAll("([.,])", " $1 ");
            Arrays.stream(plain.strip().split("\\s+"))
                    .forEach(word -> assertTrue(words.contains(word), word + " in " + text(clip)));
        }
    }

    @Test
    void aDrawnClipIsNotItsBusiness() {
        ClipTruth drawn = ClipTruth.of(Split.TEST.seed(0));
        assertThrows(
                IllegalArgumentException.class, () -> MeasuredRationale.SHIPPED.write(drawn, new SplittableRandom(1)));
    }
}
