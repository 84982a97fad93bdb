package io.migr.engine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Capabilities of this machine's processor. */
public final class ProcessorFeatures {
    private static final Path LINUX = Path.of("/proc/cpuinfo");
    private static final List<String> BFLOAT = List.of("avx512_bf16", "amx_bf16", "bf16");

    private ProcessorFeatures() {}

    /**
     * Whether the processor multiplies bfloat16 in hardware, according to the operating system; otherwise it is slow.
     */
    public static boolean hasBfloat() {
        try {
            return Files.isReadable(LINUX) && hasBfloat(Files.readAllLines(LINUX));
        } catch (IOException e) {
            // if the system does not report it, assume no support
            return false;
        }
    }

    /** Sets the engine's number of compute threads, for this thread and for threads that use the engine later. */
    public static void computeWith(int threads) {
        Engine.getInstance();
        JniUtils.setNumThreads(threads);
    }

    static boolean hasBfloat(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                .anyMatch(line -> List.of(line.split("\\s+")).stream().anyMatch(BFLOAT::contains));
    }
}
