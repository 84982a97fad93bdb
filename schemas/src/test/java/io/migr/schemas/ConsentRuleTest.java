package io.migr.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConsentRuleTest {
    private static final Instant CAPTURED = Instant.ofEpochMilli(1_000);
    private static final Instant NOW = Instant.ofEpochMilli(2_000);

    static {
        AvroSafety.set();
    }

    private static ConsentTerms terms(Consumer<ConsentTerms> change) {
        ConsentTerms terms = ConsentTerms.newBuilder()
                .setPurposes(List.of(ConsentPurpose.ANALYSIS))
                .build();
        change.accept(terms);
        return terms;
    }

    private static Arguments row(String refusal, Consumer<ConsentTerms> change) {
        return Arguments.of(refusal, terms(change));
    }

    private static Instant at(long ms) {
        return Instant.ofEpochMilli(ms);
    }

    static Stream<Arguments> table() {
        return Stream.of(
                row("", terms -> {}),
                row("", terms -> terms.setPurposes(List.of(ConsentPurpose.TRAINING, ConsentPurpose.ANALYSIS))),
                row("", terms -> terms.setSetting(ConsentSetting.PRIVATE)),
                row("", terms -> terms.setWithdrawnAt(at(2_001))),
                row("withdrawn at 1970-01-01T00:00:02Z", terms -> terms.setWithdrawnAt(at(2_000))),
                row("withdrawn at 1970-01-01T00:00:00.500Z", terms -> terms.setWithdrawnAt(at(500))),
                row("", terms -> terms.setExpiresAt(at(2_001))),
                row("expired at 1970-01-01T00:00:02Z", terms -> terms.setExpiresAt(at(2_000))),
                row("expired at 1970-01-01T00:00:01Z", terms -> terms.setExpiresAt(at(1_000))),
                row("", terms -> terms.setGrantedAt(at(1_000))),
                row("before consent was granted at 1970-01-01T00:00:01.001Z", terms -> terms.setGrantedAt(at(1_001))),
                row("purposes [], without ANALYSIS", terms -> terms.setPurposes(List.of())),
                row(
                        "purposes [TRAINING], without ANALYSIS",
                        terms -> terms.setPurposes(List.of(ConsentPurpose.TRAINING))),
                row(
                        "setting WORKPLACE. Art. 5(1)(f) of the EU AI Act",
                        terms -> terms.setSetting(ConsentSetting.WORKPLACE)),
                row(
                        "setting EDUCATION. Art. 5(1)(f) of the EU AI Act",
                        terms -> terms.setSetting(ConsentSetting.EDUCATION)),
                row("", terms -> {
                    terms.setSetting(ConsentSetting.WORKPLACE);
                    terms.setExemption(ConsentExemption.SAFETY);
                }),
                row("", terms -> {
                    terms.setSetting(ConsentSetting.EDUCATION);
                    terms.setExemption(ConsentExemption.MEDICAL);
                }));
    }

    @Test
    void aCaptureTimeAfterTheEndOfTheTermsIsNamed() {
        String refusal = ConsentRule.refusal(
                        "The clip",
                        terms(terms -> terms.setExpiresAt(at(5_000))),
                        ConsentPurpose.ANALYSIS,
                        at(9_000_000),
                        at(2_000))
                .orElseThrow();
        assertEquals(
                "The clip has consent that expires at 1970-01-01T00:00:05Z, and was captured after that, at"
                        + " 1970-01-01T02:30:00Z. Check the sender's clock and the unit of capturedAt, which is"
                        + " milliseconds.",
                refusal);
    }

    @ParameterizedTest
    @MethodSource("table")
    void termsAreRefusedWithOneReason(String refusal, ConsentTerms terms) {
        String given = ConsentRule.refusal("Clip c/p/0", Consent.GRANTED, terms, CAPTURED, NOW)
                .orElse("");
        assertTrue(given.contains(refusal), given);
        assertEquals(refusal.isEmpty(), given.isEmpty(), given);
        assertTrue(given.isEmpty() || given.startsWith("Clip c/p/0 "), given);
    }

    @Test
    void aClipThatIsDatedInTheFutureIsNotUsedPastTheEndOfItsTerms() {
        ConsentTerms terms = terms(one -> one.setExpiresAt(at(3_000)));
        assertEquals(Optional.empty(), ConsentRule.refusal("Clip", Consent.GRANTED, terms, CAPTURED, NOW));
        assertTrue(ConsentRule.refusal("Clip", Consent.GRANTED, terms, at(3_000), NOW)
                .isPresent());
    }

    @ParameterizedTest
    @EnumSource(Consent.class)
    void withoutTermsConsentAloneDecides(Consent consent) {
        Optional<String> refusal = ConsentRule.refusal("Clip", consent, null, CAPTURED, NOW);
        assertEquals(consent != Consent.GRANTED, refusal.isPresent());
        refusal.ifPresent(given -> assertTrue(given.startsWith("Clip has consent " + consent + "."), given));
    }

    @Test
    void termsDoNotReplaceConsent() {
        assertTrue(ConsentRule.refusal("Clip", Consent.UNSPECIFIED, terms(terms -> {}), CAPTURED, NOW)
                .isPresent());
    }

    @Test
    void learningNeedsItsOwnPurpose() {
        ConsentTerms terms = terms(one -> {});
        assertTrue(ConsentRule.refusal("Clip", terms, ConsentPurpose.TRAINING, CAPTURED, NOW)
                .orElseThrow()
                .contains("purposes [ANALYSIS], without TRAINING"));
        terms.setPurposes(List.of(ConsentPurpose.ANALYSIS, ConsentPurpose.TRAINING));
        assertEquals(Optional.empty(), ConsentRule.refusal("Clip", terms, ConsentPurpose.TRAINING, CAPTURED, NOW));
        assertEquals(Optional.empty(), ConsentRule.refusal("Clip", null, ConsentPurpose.TRAINING, CAPTURED, NOW));
    }
}
