package io.migr.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Throughput, and processor time per clip.
 *
 * @param cpuMsPerClip processor time in milliseconds of this process and, on Linux, of its children that have ended;
 *     with all services and the broker in one process, that is all processor time
 */
record Throughput(double clipsPerSecond, double cpuMsPerClip) {
    private static final Path STATISTICS = Path.of("/proc/self/stat");
    /** Linux reports processor time in hundredths of a second on all platforms that Java supports. */
    private static final int TICK_MS = 10;

    /** Clock and processor time at the start of a measurement. */
    record Start(long nanos, double cpuMs) {
        Throughput end(int clips) {
            return new Throughput(clips / ((System.nanoTime() - nanos) / 1e9), (Throughput.cpuMs() - cpuMs) / clips);
        }
    }

    static Start start() {
        return new Start(System.nanoTime(), cpuMs());
    }

    private static double cpuMs() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e6 + childrenMs();
    }

    private static double childrenMs() {
        if (!Files.exists(STATISTICS)) {
            return 0;
        }
        try {
            String line = Files.readString(STATISTICS);
            // after the program's name in parentheses comes field 3; fields 16 and 17 are the times of ended children
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            return (Double.parseDouble(fields[13]) + Double.parseDouble(fields[14])) * TICK_MS;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
