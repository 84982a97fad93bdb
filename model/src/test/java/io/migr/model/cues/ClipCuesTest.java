package io.migr.model.cues;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.CueReading;
import io.migr.perception.voice.ArousalCue;
import io.migr.schemas.FaceCues;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClipCuesTest {
    private static CueReading reading(FaceCues face) {
        return new ClipCues(face, ExampleCues.silence(), null).reading();
    }

    @Test
    void claimsWhatIsShown() {
        CueReading smile = reading(ExampleCues.smile(1));
        assertEquals(Set.of("AU12", "NOVOICE"), smile.claims().keySet());
        assertEquals(12, smile.actionUnits().get(0).actionUnit());
        assertTrue(smile.hasFace());
        assertFalse(smile.hasVoice());
        assertEquals("nobody speaks", smile.voiceMissing());
        assertNull(smile.unclear());
    }

    @Test
    void hedgesWhatIsNearlyShown() {
        assertEquals(
                Set.of("AU12?", "NOVOICE"),
                reading(ExampleCues.face(Map.of(12, 0.45), 1, 0.6, 0.3, 0.02))
                        .claims()
                        .keySet());
    }

    @Test
    void aFaceWithoutClaimsIsStill() {
        assertEquals(
                Set.of("STILL", "NOVOICE"),
                reading(ExampleCues.face(Map.of(), 1, 0.05, 0.9, 0.02)).claims().keySet());
        assertFalse(
                reading(ExampleCues.face(Map.of(), 1, 0.6, 0.3, 0.02)).claims().containsKey("STILL"));
    }

    @Test
    void relativeUnitsNeedTheUsual() {
        FaceCues raised = ExampleCues.face(Map.of(1, 0.9, 2, 0.9), 1, 0.05, 0.5, 0.05);
        assertFalse(reading(raised).claims().containsKey("AU1>"), "browless people have high brows");
        CueReading above = new ClipCues(raised, null, ExampleCues.usual(0, 0.3)).reading();
        assertTrue(above.claims().containsKey("AU1>") && above.claims().containsKey("AU2>"));
        CueReading asUsual = new ClipCues(raised, null, ExampleCues.usual(0, 0.85)).reading();
        assertFalse(asUsual.claims().containsKey("AU1>"), "this person's brows are always high");
        assertTrue(asUsual.actionUnits().isEmpty());
    }

    /** What differs between people by nature must not reach the model. */
    @Test
    void rowsHoldNoAbsoluteValueOfRelativeUnitsAndVoices() {
        float[] low =
                reading(ExampleCues.face(Map.of(4, 0.1), 1, 0.1, 0.8, 0.02)).face();
        float[] high =
                reading(ExampleCues.face(Map.of(4, 0.8), 1, 0.1, 0.8, 0.02)).face();
        assertArrayEquals(low, high);
        float[] man = new ClipCues(null, ExampleCues.voice(2), null).reading().voice();
        float[] woman =
                new ClipCues(null, ExampleCues.voice(13), null).reading().voice();
        assertArrayEquals(man, woman);
        float[] excited = new ClipCues(null, ExampleCues.voice(13), ExampleCues.usual(2, 0))
                .reading()
                .voice();
        float[] calm = new ClipCues(null, ExampleCues.voice(13), ExampleCues.usual(13, 0))
                .reading()
                .voice();
        int difference = VoiceRows.MARKS.indexOf(ArousalCue.F0_MEDIAN) * FaceRows.VALUES + 3;
        assertTrue(excited[difference] > calm[difference] + 1, excited[difference] + ", " + calm[difference]);
    }

    @Test
    void voicesAreComparedWithTheUsual() {
        CueReading high = new ClipCues(null, ExampleCues.voice(13), ExampleCues.usual(2, 0)).reading();
        assertTrue(high.claims().containsKey("PITCH>"), high.claims().toString());
        assertTrue(high.claims().containsKey("SPEAKS"));
        CueReading unknown = new ClipCues(null, ExampleCues.voice(13), null).reading();
        assertEquals(Set.of("SPEAKS", "NOUSUAL", "NOFACE"), unknown.claims().keySet());
        assertEquals("there are no pictures", unknown.faceMissing());
    }

    @Test
    void laughterIsHeardWithoutSpeech() {
        CueReading laughs = new ClipCues(null, ExampleCues.laughter(), null).reading();
        assertTrue(laughs.hasVoice());
        assertEquals(Set.of("EVENT", "LAUGH?", "NOFACE"), laughs.claims().keySet());
    }

    @Test
    void aPoorViewIsUnclear() {
        CueReading dark = reading(ExampleCues.smile(0.3));
        assertTrue(dark.claims().containsKey("POORVIEW"));
        assertFalse(dark.claims().containsKey("AU12"), "hedged at most");
        assertEquals("the face is too dark, too small or too far outside the picture", dark.unclear());
    }

    /** Weeping may have the mouth of a smile: lowered or raised inner brows and a sad look say so. */
    @Test
    void weepingIsUnclear() {
        for (int brow : new int[] {1, 4}) {
            CueReading weeps = reading(ExampleCues.face(Map.of(12, 0.8, brow, 0.7), 1, 0.6, 0.05, 0.3));
            assertEquals("the mouth smiles, but the brows and the look of the face do not", weeps.unclear());
        }
        assertNull(
                reading(ExampleCues.face(Map.of(12, 0.8, 1, 0.7), 1, 0.9, 0.05, 0.02))
                        .unclear(),
                "a broad smile");
        assertNull(reading(ExampleCues.face(Map.of(1, 0.7), 1, 0.1, 0.05, 0.7)).unclear(), "merely sad");
    }

    /** 0.5 is where the nets divide absent from present, so that near it they are wrong half of the time. */
    @Test
    void aUnitNearTheThresholdIsHedged() {
        Map<Double, List<String>> said = Map.of(
                0.39, List.of(),
                0.45, List.of("AU26?"),
                0.53, List.of("AU26?"),
                0.56, List.of("AU26"));
        said.forEach((value, claims) -> assertEquals(
                claims,
                new ClipCues(ExampleCues.face(Map.of(26, value), 1, 0.3, 0.3, 0.1), null, null)
                        .reading().claims().keySet().stream()
                                .filter(id -> id.startsWith("AU"))
                                .toList(),
                "a jaw of " + value));
    }
}
