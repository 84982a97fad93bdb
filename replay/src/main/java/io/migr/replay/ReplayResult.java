package io.migr.replay;

import io.migr.schemas.ReplayPlan;
import java.util.List;

/**
 * The result of a finished replay.
 *
 * @param unmatched number of replayed clips without a recorded result to compare with
 * @param failed number of records that one version or both did not answer
 * @param reasons one line for each of the first thousand of these: participant, partition, offset and reason
 */
public record ReplayResult(
        ReplayPlan plan, VersionComparison comparison, long unmatched, long failed, List<String> reasons) {
    public ReplayResult {
        reasons = List.copyOf(reasons);
    }

    /** What the new results are compared with: a model version, or "recorded". */
    public String against() {
        return plan.getAgainst() == null ? "recorded" : plan.getAgainst();
    }
}
