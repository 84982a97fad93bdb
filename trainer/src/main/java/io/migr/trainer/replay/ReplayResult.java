package io.migr.trainer.replay;

import io.migr.schemas.ReplayPlan;
import java.util.List;

/**
 * A replay that is through.
 *
 * @param unmatched replayed clips that have nothing to be compared to, because they were not recorded or no longer are
 * @param failed requests that could not be analysed; their number
 * @param reasons why some of these could not, the first few
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
