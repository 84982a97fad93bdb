package io.migr.cli.feed;

import io.migr.schemas.ConsentBasis;
import io.migr.schemas.ConsentExemption;
import io.migr.schemas.ConsentPurpose;
import io.migr.schemas.ConsentSetting;
import io.migr.schemas.ConsentTerms;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Option;

/** What the people in recordings agreed to, beside consent itself. */
final class TermsOptions {
    @Option(
            names = "--purpose",
            split = ",",
            paramLabel = "PURPOSE",
            description = "what they agreed to: analysis, training")
    private List<ConsentPurpose> purposes;

    @Option(
            names = "--setting",
            paramLabel = "SETTING",
            description = "where they are: private, workplace or education; the latter two need --exemption")
    private ConsentSetting setting;

    @Option(names = "--exemption", paramLabel = "REASON", description = "medical or safety")
    private ConsentExemption exemption;

    @Option(
            names = "--basis",
            paramLabel = "BASIS",
            description = "lawful basis (GDPR), e.g. consent, explicit_consent, contract")
    private ConsentBasis basis;

    @Option(names = "--expires", paramLabel = "TIME", description = "when consent ends: 2027-01-31T12:00:00Z")
    private Instant expires;

    /** The terms; null if no option is given. */
    ConsentTerms terms() {
        if (purposes == null && setting == null && exemption == null && basis == null && expires == null) {
            return null;
        }
        return new ConsentTerms(
                basis == null ? ConsentBasis.UNSPECIFIED : basis,
                purposes == null ? List.of() : purposes,
                setting == null ? ConsentSetting.UNSPECIFIED : setting,
                exemption == null ? ConsentExemption.UNSPECIFIED : exemption,
                null,
                null,
                null,
                expires,
                null);
    }
}
