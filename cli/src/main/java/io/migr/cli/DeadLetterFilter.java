package io.migr.cli;

import io.migr.cli.DeadLetter.State;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which dead letters are meant: those for which all that is said holds. */
final class DeadLetterFilter {
    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "only those whose reason contains this text, ignoring case")
    private String reason;

    @Option(names = "--topic", description = "only those from this topic, with or without the prefix")
    private String topic;

    @Option(names = "--call", description = "only those of this call")
    private String call;

    @Option(names = "--state", description = "only those in this state: ${COMPLETION-CANDIDATES}")
    private State state;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Time.class,
            description = "only from this time on: 2026-01-31T12:00:00Z, or an age: 90s, 15m, 2h, 7d")
    private Instant since;

    @Option(names = "--until", paramLabel = "TIME", converter = Time.class, description = "only before this time")
    private Instant until;

    /** Whether nothing is said. */
    boolean empty() {
        return reason == null && topic == null && call == null && state == null && since == null && until == null;
    }

    boolean matches(DeadLetter letter) {
        return (reason == null || letter.reason().toLowerCase(Locale.ROOT).contains(reason.toLowerCase(Locale.ROOT)))
                && (topic == null || letter.topic() != null && letter.topic().endsWith(topic))
                && (call == null || letter.key() != null && letter.key().startsWith(call + "/"))
                && (state == null || letter.state() == state)
                && (since == null || !letter.time().isBefore(since))
                && (until == null || letter.time().isBefore(until));
    }

    /** A moment, or how long ago it was. */
    static final class Time implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
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
                throw new TypeConversionException(
                        "\"" + text + "\" is no time; say 2026-01-31T12:00:00Z, or how long ago: 90s, 15m, 2h, 7d");
            }
        }
    }
}
