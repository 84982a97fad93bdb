package io.migr.evaluation.readers;

import io.migr.evaluation.judge.TextJudge;
import io.migr.evaluation.judge.TextJudge.Scope;
import io.migr.model.Explanation;

/**
 * The first judge, J1, as a reader. Text that asserts nothing counts as neutral, as in ERV's metrics.
 *
 * @param judge a judge that has passed its test
 */
public record TextReader(TextJudge judge) implements ExplanationReader {

    @Override
    public String name() {
        return "text";
    }

    @Override
    public Statement read(Explanation explanation) {
        return new Statement(
                judge.over(Scope.THINK).read(explanation),
                judge.over(Scope.CONCAT).read(explanation),
                judge.asserted(explanation));
    }
}
