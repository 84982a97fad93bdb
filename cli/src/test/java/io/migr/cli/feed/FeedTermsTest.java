package io.migr.cli.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.cli.Migr;
import io.migr.schemas.ConsentBasis;
import io.migr.schemas.ConsentExemption;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentSetting;
import io.migr.schemas.ConsentTerms;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** No broker runs: what is refused here is refused before anything is sent. */
class FeedTermsTest {
    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("--consent denied", "The recording has consent DENIED."),
                Arguments.of("--consent denied --purpose analysis", "The recording has consent DENIED."),
                Arguments.of("--consent granted --purpose training", "purposes [TRAINING], without ANALYSIS"),
                Arguments.of("--consent granted --setting private", "purposes [], without ANALYSIS"),
                Arguments.of(
                        "--consent granted --purpose analysis --setting workplace", "Art. 5(1)(f) of the EU AI Act"),
                Arguments.of(
                        "--consent granted --purpose analysis --setting education", "Art. 5(1)(f) of the EU AI Act"),
                Arguments.of(
                        "--consent granted --purpose analysis --expires 2020-01-31T12:00:00Z",
                        "consent that expired at 2020-01-31T12:00:00Z"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aRefusedCombinationIsWrongUsage(String options, String reason) {
        StringWriter err = new StringWriter();
        CommandLine line = Migr.commandLine().setErr(new PrintWriter(err));
        String[] words = ("feed nothing.mp4 --kafka-bootstrap-servers 127.0.0.1:1 " + options).split(" ");
        assertEquals(2, line.execute(words));
        assertTrue(err.toString().contains(reason), err.toString());
    }

    private static ConsentTerms terms(String... words) {
        Only only = new Only();
        new CommandLine(only).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(words);
        return only.options.terms();
    }

    @CommandLine.Command
    private static final class Only {
        @CommandLine.Mixin
        private TermsOptions options;
    }

    @Test
    void optionsBecomeTerms() {
        assertNull(terms());
        assertEquals(
                new ConsentTerms(
                        ConsentBasis.EXPLICIT_CONSENT,
                        List.of(ConsentPurpose.ANALYSIS, ConsentPurpose.TRAINING),
                        ConsentSetting.WORKPLACE,
                        ConsentExemption.SAFETY,
                        null,
                        null,
                        null,
                        Instant.parse("2030-01-31T12:00:00Z"),
                        null),
                terms(
                        "--purpose",
                        "analysis,training",
                        "--setting",
                        "workplace",
                        "--exemption",
                        "safety",
                        "--basis",
                        "explicit_consent",
                        "--expires",
                        "2030-01-31T12:00:00Z"));
    }
}
