package io.migr.evaluation.measure;

import io.migr.evaluation.readers.ExplanationReader;
import io.migr.evaluation.readers.GrammarReader;
import io.migr.evaluation.readers.Statement;
import io.migr.model.Emotion;

/**
 * Where the prediction p comes from, and which reader reads the explanation; a metric has one value per view.
 *
 * @param source where p comes from
 * @param reader the name of an {@link ExplanationReader}
 */
public record Perspective(Source source, String reader) {
    /** The served prediction, with the explanation read exactly. */
    public static final Perspective SERVED = new Perspective(Source.SERVED, GrammarReader.NAME);

    /** The text's own answer, with the explanation read exactly. */
    public static final Perspective ANSWERED = new Perspective(Source.ANSWER, GrammarReader.NAME);

    private static final Statement NOTHING = new Statement(null, null, null);

    /** Where the prediction comes from. */
    public enum Source {
        /** The emotion that the service publishes, from the evidence heads. */
        SERVED,
        /** The emotion in the text's answer block, which published papers measure. */
        ANSWER
    }

    /** p of a clip; null if the text has no answer. */
    Emotion predicted(Outcome outcome) {
        return source == Source.SERVED
                ? outcome.prediction().emotion()
                : outcome.told().answer();
    }

    /** Whether p = g. */
    public boolean right(Outcome outcome) {
        return predicted(outcome) == outcome.truth().label();
    }

    Statement statement(Outcome outcome) {
        return outcome.told().statements().getOrDefault(reader, NOTHING);
    }
}
