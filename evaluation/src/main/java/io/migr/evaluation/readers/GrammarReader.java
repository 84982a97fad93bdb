package io.migr.evaluation.readers;

import io.migr.evaluation.judge.Judge;
import io.migr.model.Block;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.ReasoningStep;
import io.migr.model.explain.ExplanationGrammar;
import java.util.ArrayList;
import java.util.List;

/**
 * The exact reader: a sentence asserts the one emotion that it names unless it hedges, see
 * {@link ExplanationGrammar#asserted}. The explanation as a whole supports the emotion that it asserts most often; on a
 * tie, the one asserted last.
 */
public final class GrammarReader implements ExplanationReader {
    /** The name used in reports. */
    public static final String NAME = "grammar";

    private final List<Emotion> labels;

    /** Reads assertions of {@code labels} only. */
    public GrammarReader(List<Emotion> labels) {
        this.labels = List.copyOf(labels);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Statement read(Explanation explanation) {
        List<Emotion> all = new ArrayList<>();
        Emotion think = null;
        for (ReasoningStep step : explanation.steps()) {
            for (String sentence : step.text().split("(?<=[.!?;])")) {
                Emotion asserted = ExplanationGrammar.asserted(sentence, labels);
                if (asserted != null) {
                    all.add(asserted);
                    think = step.block() == Block.WEIGHING ? asserted : think;
                }
            }
        }
        return new Statement(think, Judge.mostFrequent(all), all);
    }
}
