package io.migr.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimeArgumentTest {

    @Test
    void aPointInTimeIsItself() {
        assertEquals(Instant.ofEpochSecond(1_769_860_800), TimeArgument.of("2026-01-31T12:00:00Z"));
    }

    @Test
    void aDurationIsHowLongAgo() {
        Map<String, Duration> all = Map.of(
                "90s", Duration.ofSeconds(90),
                "15m", Duration.ofMinutes(15),
                "2h", Duration.ofHours(2),
                "7d", Duration.ofDays(7));
        all.forEach((text, ago) -> {
            Instant before = Instant.now();
            Instant moment = TimeArgument.of(text);
            assertTrue(
                    !moment.isBefore(before.minus(ago))
                            && !moment.isAfter(Instant.now().minus(ago)),
                    text);
        });
    }

    @Test
    void anythingElseIsNamed() {
        for (String text : new String[] {"yesterday", "5", "7w", ""}) {
            String reason = assertThrows(IllegalArgumentException.class, () -> TimeArgument.of(text))
                    .getMessage();
            assertTrue(reason.startsWith("\"" + text + "\" is not a time"), reason);
        }
    }
}
