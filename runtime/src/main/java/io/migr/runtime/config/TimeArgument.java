package io.migr.runtime.config;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** A point in time as a user writes it. */
public final class TimeArgument {
    private TimeArgument() {}

    /**
     * Reads {@code 2026-01-31T12:00:00Z}, or how long ago it was: {@code 90s}, {@code 15m}, {@code 2h}, {@code 7d}.
     *
     * @throws IllegalArgumentException if it is neither; the message lists the forms
     */
    public static Instant of(String text) {
        if (text.matches("\\d{1,9}[smhd]")) {
            long count = Long.parseLong(text.substring(0, text.length() - 1));
            Duration ago =
                    switch (text.charAt(text.length() - 1)) {
                        case 's' -> Duration.ofSeconds(count);
                        case 'm' -> Duration.ofMinutes(count);
                        case 'h' -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    };
            return Instant.now().minus(ago);
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a time; give 2026-01-31T12:00:00Z, or how long ago: 90s, 15m, 2h, 7d", e);
        }
    }
}
