package io.migr.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.schemas.AvroSafety;
import io.migr.schemas.ClipId;
import io.migr.schemas.Dominance;
import io.migr.schemas.Emotion;
import io.migr.schemas.EmotionExplanation;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.FinishReason;
import io.migr.schemas.ModalityImportance;
import io.migr.schemas.StageTimings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerPairingTest {
    static {
        AvroSafety.set();
    }

    private final List<String> found = new ArrayList<>();
    private final AnswerPairing pairs = new AnswerPairing((clip, before, after) -> found.add(clip + " "
            + before.prediction().getModelVersion() + before.explanation().getModelVersion() + " "
            + after.prediction().getModelVersion() + after.explanation().getModelVersion()));

    private void predict(boolean old, long sequence, String version) {
        pairs.add(
                old,
                EmotionPrediction.newBuilder()
                        .setClip(new ClipId("c", "p", sequence))
                        .setStartMs(0)
                        .setDurationMs(1)
                        .setCapturedAt(Instant.EPOCH)
                        .setEmotion(Emotion.SAD)
                        .setProbabilities(List.of())
                        .setImportance(new ModalityImportance(0f, 0f, 0f, 0f, 0f, Dominance.AUDIO, "", true, null))
                        .setActionUnits(List.of())
                        .setExplanationEmotion(Emotion.SAD)
                        .setConsistent(true)
                        .setModelVersion(version)
                        .setTimings(new StageTimings(0f, 0f, 0f, 0f, 0f, 1))
                        .build());
    }

    private void explain(boolean old, long sequence, String version) {
        pairs.add(
                old,
                EmotionExplanation.newBuilder()
                        .setClip(new ClipId("c", "p", sequence))
                        .setSteps(List.of())
                        .setAnswer(Emotion.SAD)
                        .setFollowsImportance(true)
                        .setFinishReason(FinishReason.STOP)
                        .setModelVersion(version)
                        .build());
    }

    @Test
    void theFourRecordsOfAClipArePairedInAnyOrder() {
        explain(false, 1, "n");
        predict(true, 1, "o");
        explain(true, 2, "o");
        predict(false, 1, "n");
        explain(true, 1, "o");
        assertEquals(List.of("c/p/1 oo nn"), found);
        assertEquals(0, pairs.unmatched());
        assertEquals(0, pairs.waitingAfter());
    }

    @Test
    void aClipThatWasAnalysedTwiceIsPairedInOrder() {
        for (String version : List.of("1", "2")) {
            predict(true, 7, version);
            explain(true, 7, version);
        }
        for (String version : List.of("3", "4")) {
            predict(false, 7, version);
            explain(false, 7, version);
        }
        assertEquals(List.of("c/p/7 11 33", "c/p/7 22 44"), found);
    }

    @Test
    void droppedClipsAreCountedAndTheNewerHalfStillMatches() {
        for (int i = 0; i < AnswerPairing.MAX_WAITING; i++) {
            assertFalse(pairs.afterFull());
            predict(false, i, "n");
            explain(false, i, "n");
        }
        assertTrue(pairs.afterFull());
        assertFalse(pairs.beforeFull());
        pairs.dropAfter();
        assertEquals(AnswerPairing.MAX_WAITING / 2, pairs.waitingAfter());
        assertEquals(AnswerPairing.MAX_WAITING, pairs.unmatched());
        predict(true, 0, "o");
        explain(true, 0, "o");
        assertEquals(List.of(), found, "the oldest was dropped");
        predict(true, AnswerPairing.MAX_WAITING - 1, "o");
        explain(true, AnswerPairing.MAX_WAITING - 1, "o");
        assertEquals(List.of("c/p/" + (AnswerPairing.MAX_WAITING - 1) + " oo nn"), found);
        assertEquals(AnswerPairing.MAX_WAITING - 1, pairs.unmatched());
    }
}
