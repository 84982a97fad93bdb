package io.migr.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessorFeaturesTest {
    @Test
    void readsTheCpuFlagsOfBothArchitectures() {
        assertTrue(ProcessorFeatures.hasBfloat(List.of("model name\t: X", "flags\t\t: fpu avx512_bf16 avx512vl")));
        assertTrue(ProcessorFeatures.hasBfloat(List.of("Features\t: fp asimd bf16 i8mm")));
        assertFalse(ProcessorFeatures.hasBfloat(List.of("flags\t\t: fpu avx2 f16c", "bugs\t\t: bf16")));
        assertFalse(ProcessorFeatures.hasBfloat(List.of()));
    }
}
