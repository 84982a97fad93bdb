package io.migr.trainer.replay;

import io.migr.schemas.ReplayPlan;
import java.util.List;

/**
 * A replay that is through.
 *
 * @param unmatched replayed clips that have nothing to be compared to, because they were not recorded or no longer are
 * @param failed records that were not answered, by one version or both; their number
 * @param reasons which of these there are and why, one line each; the first thousand
 */
public record ReplayResult(ReplayPlan plan, Comparison comparison, long unmatched, long failed, List<String> reasons) {
    public ReplayResult {
        reasons = List.copyOf(reasons);
    }

    /** What the new results are compared to. */
    public String against() {
        return plan.getAgainst() == null ? "recorded" : plan.getAgainst();
    }
}
