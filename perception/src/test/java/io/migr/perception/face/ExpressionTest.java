package io.migr.perception.face;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ExpressionTest {

    /** Scores by hand: 5 - 1.5 of happiness, 1.5 of neutrality, -3.8, -3, -3.3 and -4.5 of the others. */
    @Test
    void aBroadSmileLooksHappy() {
        FaceShape face = face(0.02, 0.35, "mouthSmileLeft", "mouthSmileRight");
        double sum = Math.exp(3.5) + Math.exp(1.5) + Math.exp(-3.8) + Math.exp(-3) + Math.exp(-3.3) + Math.exp(-4.5);
        double[] p = Expression.ofRules(face);
        assertEquals(Math.exp(3.5) / sum, p[Expression.HAPPY.ordinal()], 1e-6);
        assertEquals(Math.exp(-3.3) / sum, p[Expression.ANGRY.ordinal()], 1e-6);
        assertEquals(1, Arrays.stream(p).sum(), 1e-12);
    }

    @Test
    void raisedBrowsOverAnOpenMouthLookSurprised() {
        double[] p = Expression.ofRules(
                face(0.6, 0.35, "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "eyeWideLeft", "eyeWideRight"));
        // scores by hand: surprise 1.2 + 2.2 + 1.2 - 0.8, neutral 1.5, happy -1.5, sad -1, angry -1.3, other -1.5
        assertEquals(0.889, p[Expression.SURPRISE.ordinal()], 0.001);
    }

    @Test
    void aFaceThatDoesNothingLooksNeutral() {
        assertEquals(0.74, Expression.ofRules(face(0.02, 0.35))[Expression.NEUTRAL.ordinal()], 0.01);
    }

    @Test
    void fearAndDisgustOfTheNetAreOther() {
        float[] net = {0.1f, 0.2f, 0.3f, 0.05f, 0.15f, 0.16f, 0.04f};
        assertArrayEquals(new double[] {0.2, 0.1, 0.04, 0.3, 0.05, 0.31}, Expression.ofNet(net), 1e-6);
    }

    @Test
    void anUnknownBlendshapeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> face(0, 0).of("mouthSmile"));
    }

    /** A face with the named blendshapes at 1 and all others at 0. */
    static FaceShape face(double lipGap, double innerBrowHeight, String... blendshapes) {
        float[] values = new float[52];
        for (String name : blendshapes) {
            values[FaceTables.BLENDSHAPES.indexOf(name)] = 1;
        }
        return new FaceShape(values, lipGap, innerBrowHeight);
    }
}
