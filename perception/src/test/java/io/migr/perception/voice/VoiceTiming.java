package io.migr.perception.voice;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;

/** Prints the processor time that a clip of 4 s takes on one thread. Run it with one torch thread; a folder as argument: with laughter. */
final class VoiceTiming {
    private VoiceTiming() {}

    public static void main(String[] arguments) {
        float[] sound = Sounds.resource("audio1.f32");
        float[] clip = java.util.Arrays.copyOf(Sounds.sequence(sound, sound), 4 * VoicePerception.SAMPLE_RATE);
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        try (VoicePerception voices =
                arguments.length == 0 ? new VoicePerception() : new VoicePerception(Path.of(arguments[0]))) {
            for (int round = 0; round < 8; round++) {
                int clips = 25;
                long start = thread.getCurrentThreadCpuTime();
                for (int i = 0; i < clips; i++) {
                    voices.measure(clip);
                }
                double milliseconds = (thread.getCurrentThreadCpuTime() - start) / 1e6 / clips;
                System.out.printf("%.1f ms of processor time a clip%n", milliseconds);
            }
        }
    }
}
