package io.migr.engine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;


/** What this machine's processor can do. */
public final class Processor {
    private static final Path LINUX = Path.of("/proc/cpuinfo");
    private static final List<String> BFLOAT = List.of("avx512_bf16", "amx_bf16", "bf16");

    private Processor() {}

    /** Whether it multiplies bfloat16 numbers in hardware, as far as the system says; elsewhere they are slow. */
    public static boolean hasBfloat() {
        try {
            return Files.isReadable(LINUX) && hasBfloat(Files.readAllLines(LINUX));
        } catch (IOException e) {
            // a machine that does not say is taken for one that can't
            return false;
        }
    }

    /** Lets the engine compute with so many threads, on this thread and on those that first use it from now on. */
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
