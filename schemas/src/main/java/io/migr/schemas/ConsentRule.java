package io.migr.schemas;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether a clip may be used. Absent terms restrict nothing: then consent alone decides.
 *
 * <p>Terms end at a moment, and nothing is used from then on: neither what was captured later nor what is processed
 * later. So {@code now} is always the time at which a clip is processed, also if it was recorded long before, as in a
 * replay or a training round. A clip that is processed again after a crash may thus be refused although it was accepted
 * the first time; what came of the first time was never committed, so there is still one result.
 */
public final class ConsentRule {
    private ConsentRule() {}

    /**
     * Why a clip must not be analysed.
     *
     * @param subject begins the sentence, e.g. {@code Clip call/ann/0}
     * @param terms null: none are given
     * @param now when it is processed
     * @return a sentence that says what was given and what to do; empty if the clip may be analysed
     */
    public static Optional<String> refusal(
            String subject, Consent consent, ConsentTerms terms, Instant capturedAt, Instant now) {
        if (consent != Consent.GRANTED) {
            return Optional.of(subject + " has consent " + consent
                    + ". Only clips of people who have GRANTED consent are processed; media of others is not kept.");
        }
        return refusal(subject, terms, ConsentPurpose.ANALYSIS, capturedAt, now);
    }

    /** As {@link #refusal(String, Consent, ConsentTerms, Instant, Instant)}, by the terms alone, for any purpose. */
    public static Optional<String> refusal(
            String subject, ConsentTerms terms, ConsentPurpose purpose, Instant capturedAt, Instant now) {
        return terms == null
                ? Optional.empty()
                : Optional.ofNullable(reason(terms, purpose, capturedAt, now)).map(reason -> subject + " " + reason);
    }

    private static String reason(ConsentTerms terms, ConsentPurpose purpose, Instant capturedAt, Instant now) {
        Instant latest = now.isAfter(capturedAt) ? now : capturedAt;
        if (reached(terms.getWithdrawnAt(), latest)) {
            return "has consent that was withdrawn at " + terms.getWithdrawnAt()
                    + ". Send no more clips of this person before they consent anew.";
        }
        if (reached(terms.getExpiresAt(), latest) && !reached(terms.getExpiresAt(), now)) {
            return "has consent that expires at " + terms.getExpiresAt() + ", and was captured after that, at "
                    + capturedAt + ". Check the sender's clock and the unit of capturedAt, which is milliseconds.";
        }
        if (reached(terms.getExpiresAt(), latest)) {
            return "has consent that expired at " + terms.getExpiresAt()
                    + ". Ask for consent again, and send later clips with the new terms.";
        }
        if (terms.getGrantedAt() != null && terms.getGrantedAt().isAfter(capturedAt)) {
            return "was captured at " + capturedAt + ", before consent was granted at " + terms.getGrantedAt()
                    + ". Send only what was captured after that.";
        }
        if (!terms.getPurposes().contains(purpose)) {
            return "has terms for the purposes " + terms.getPurposes() + ", without " + purpose
                    + ". Use it for this only if the person agrees, and then name the purpose.";
        }
        boolean restricted =
                List.of(ConsentSetting.WORKPLACE, ConsentSetting.EDUCATION).contains(terms.getSetting());
        if (restricted && terms.getExemption() == ConsentExemption.UNSPECIFIED) {
            return "has terms for the setting " + terms.getSetting()
                    + ". Art. 5(1)(f) of the EU AI Act forbids inferring"
                    + " emotions at work and in education except for medical or safety reasons; if that is the reason,"
                    + " state the exemption MEDICAL or SAFETY.";
        }
        return null;
    }

    private static boolean reached(Instant end, Instant time) {
        return end != null && !end.isAfter(time);
    }
}
