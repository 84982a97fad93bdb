package io.migr.features.ffmpeg;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads what a child process says, so that it never waits for a reader; keeps the first lines. */
public final class Lines {
    private static final int KEPT = 50;

    private final List<String> kept = new ArrayList<>();
    private final Thread reader;

    private Lines(InputStream in) {
        reader = new Thread(() -> read(in), "ffmpeg-log");
        reader.setDaemon(true);
        reader.start();
    }

    public static Lines of(InputStream in) {
        return new Lines(in);
    }

    private void read(InputStream in) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (kept.size() < KEPT && !line.contains("version information")) {
                    kept.add(line);
                }
            }
        } catch (IOException e) {
            kept.add(e.getMessage()); // the process was ended
        }
    }

    /** The first complaint, in brackets after a space; empty if there is none. Waits for the process to close its log. */
    public String reason() throws InterruptedException {
        reader.join();
        return kept.stream()
                .map(line -> " (" + line.replaceAll("^(\\[[^\\]]*\\] )+", "").strip() + ")")
                .findFirst()
                .orElse("");
    }
}
