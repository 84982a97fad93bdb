package io.migr.lab.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.lab.experiment.PerceptionNoise.Spread;
import io.migr.trainer.grpo.ClipTokens;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** How tokens are averaged and shifted. */
final class PerceptionNoiseTest {
    private static final int WIDTH = 2;

    /** Clip c has four video tokens c, c + 1, c + 2, c + 3 and two audio tokens 10 c, 10 c + 1 in both dimensions. */
    private static final ClipTokens EXACT = (scope, network, clips) -> new ClipTokens.Tokens(
            scope.create(values(clips, 4, 1), new Shape(clips.length, 4, WIDTH)),
            scope.create(values(clips, 2, 10), new Shape(clips.length, 2, WIDTH)));

    private static float[] values(int[] clips, int tokens, int factor) {
        float[] values = new float[clips.length * tokens * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = clips[i / (tokens * WIDTH)] * factor + i / WIDTH % tokens;
        }
        return values;
    }

    private static float[][] seen(double noise, int... clips) throws IOException {
        Spread spread = new Spread(new float[] {1, 0}, new float[] {2, 2});
        PerceptionNoise perception =
                new PerceptionNoise(EXACT, spread, new Plan.Perception(2, 1, noise, noise), clip -> clip * 100L);
        try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
            ClipTokens.Tokens tokens = perception.of(scope, null, clips);
            return new float[][] {tokens.video().toFloatArray(), tokens.audio().toFloatArray()};
        }
    }

    @Test
    void neighboursAreAveraged() throws IOException {
        float[][] tokens = seen(0, 0, 5);
        assertArrayEquals(new float[] {0.5f, 0.5f, 2.5f, 2.5f, 5.5f, 5.5f, 7.5f, 7.5f}, tokens[0], 1e-6f);
        assertArrayEquals(new float[] {0.5f, 0.5f, 50.5f, 50.5f}, tokens[1], 1e-5f);
        assertThrows(IllegalArgumentException.class, () -> PerceptionNoise.pool(new float[12], 1, 4, WIDTH));
    }

    @Test
    void aClipsNoiseIsIndependentOfItsBatchAndTheSameForAllItsTokens() throws IOException {
        float[] alone = seen(1, 5)[0];
        float[] second = seen(1, 0, 5)[0];
        assertArrayEquals(alone, new float[] {second[4], second[5], second[6], second[7]});
        // 5.5 and 7.5 stay 2 apart: both are shifted alike; the second dimension has no spread and does not move
        assertEquals(2, alone[2] - alone[0], 1e-5);
        assertTrue(Math.abs(alone[0] - 5.5) > 1e-3, "moved to " + alone[0]);
        assertEquals(5.5, alone[1], 1e-6);
    }

    @Test
    void noiseHasTheWantedDeviation() throws IOException {
        int[] clips = java.util.stream.IntStream.range(0, 4_000).toArray();
        float[] heard = seen(0.5, clips)[1];
        double squares = 0;
        for (int c = 0; c < clips.length; c++) {
            squares += Math.pow(heard[c * WIDTH] - (10 * clips[c] + 0.5), 2) / clips.length;
        }
        // noise 0.5 times a spread of 2
        assertEquals(1, Math.sqrt(squares), 0.05);
    }
}
