package io.migr.trainer.grpo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.migr.model.engine.Kernels;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class GrpoBenchmarkTest {
    @Test
    void measuresStepsAndRolloutsAndShowsThatPromptsAreShared() throws IOException {
        try (Toy toy = new Toy();
                NDManager root = NDManager.newBaseManager("PyTorch")) {
            Kernels.recordGradients(false);
            GrpoBenchmark.Measured measured =
                    new GrpoBenchmark(toy.config, toy.tokenizer, toy.fresh(root), false, root.getDevice()).run(1);
            assertTrue(measured.stepsPerSecond() > 0, measured.toString());
            assertTrue(measured.rolloutTokensPerSecond() > 0, measured.toString());
            // 12 clips, 8 completions each: one prompt run for the samples, one for the reference, one for the policy
            assertEquals(96, measured.completionsPerStep());
            assertEquals(36, measured.promptsPerStep());
        } finally {
            Kernels.recordGradients(true);
        }
    }
}
