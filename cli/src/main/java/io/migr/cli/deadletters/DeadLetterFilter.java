package io.migr.cli.deadletters;

import io.migr.cli.deadletters.DeadLetter.State;
import io.migr.runtime.config.TimeArgument;
import java.time.Instant;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Selects dead letters: those that match every option given. */
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

    /** Whether no option is given. */
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

    /** Parses an ISO-8601 time, or an age such as 15m that is subtracted from the present time. */
    static final class Time implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return TimeArgument.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
