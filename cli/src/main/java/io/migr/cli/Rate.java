package io.migr.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How fast clips went, and what they cost.
 *
 * @param cpuMsPerClip processor time of this process and, on Linux, of its children that ended; with all services and
 *     the broker in one process that is everything
 */
record Rate(double clipsPerSecond, double cpuMsPerClip) {
    private static final Path STATISTICS = Path.of("/proc/self/stat");
    /** Linux counts the time of processes in hundredths of a second, on every machine that Java runs on. */
    private static final int TICK_MS = 10;

    /** When measuring began. */
    record Start(long nanos, double cpuMs) {
        Rate end(int clips) {
            return new Rate(clips / ((System.nanoTime() - nanos) / 1e9), (Rate.cpuMs() - cpuMs) / clips);
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
            // what stands behind the program's name begins with field 3; 16 and 17 are the ended children's time
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            return (Double.parseDouble(fields[13]) + Double.parseDouble(fields[14])) * TICK_MS;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
