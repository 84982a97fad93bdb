package io.migr.corpus.people;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.model.Emotion;
import io.migr.schemas.FaceExpression;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class RestingFaceTest {
    private static final int CLIPS = 600;

    /** The mean of a share of the expression, over clear neutral faces of a person, less that of other people. */
    private static double more(int person, ToDoubleFunction<FaceExpression> share) {
        double sum = 0;
        int counted = 0;
        for (long seed = 0; seed < CLIPS; seed++) {
            PeopleClip own = PeopleClip.of(person, seed);
            PeopleClip other = PeopleClip.of(seed);
            assertEquals(other.label(), own.label());
            assertEquals(other.cues().voice(), own.cues().voice());
            if (own.label() == Emotion.NEUTRAL
                    && own.cues().face() != null
                    && own.cues().face().getExpression() != null) {
                sum += share.applyAsDouble(own.cues().face().getExpression())
                        - share.applyAsDouble(other.cues().face().getExpression());
                counted++;
            }
        }
        return sum / counted;
    }

    @Test
    void aRestingFaceLeansToOneLook() {
        double sad = more(0, FaceExpression::getSad);
        double angry = more(7, FaceExpression::getAngry);
        double happy = more(9, FaceExpression::getHappy);
        assertTrue(sad > 0.2 && angry > 0.2 && happy > 0.2, sad + ", " + angry + ", " + happy);
        assertTrue(more(0, FaceExpression::getNeutral) < -0.2);
    }

    @Test
    void thePersonAndTheSeedGiveTheClip() {
        assertEquals(PeopleClip.of(3, 5).cues(), PeopleClip.of(3, 5).cues());
        assertNotEquals(RestingFace.of(3), RestingFace.of(4));
        assertThrows(IllegalArgumentException.class, () -> PeopleClip.of(10, 5));
    }
}
