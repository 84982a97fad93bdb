package io.migr.evaluation.measure;

import io.migr.evaluation.readers.ExplanationReader;
import io.migr.evaluation.readers.GrammarReader;
import io.migr.evaluation.readers.Statement;
import io.migr.model.Emotion;

/**
 * Which prediction p a metric uses, and which reader reads the explanation. A metric has one value per perspective.
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

    /** The prediction p; null if it is the text's answer and the text has none. */
    Emotion predicted(Outcome outcome) {
        return source == Source.SERVED
                ? outcome.prediction().emotion()
                : outcome.told().answer();
    }

    /** Whether the prediction is the label, p = g. */
    public boolean right(Outcome outcome) {
        return predicted(outcome) == outcome.truth().label();
    }

    /** What the reader finds in the explanation; a statement without any emotion if it did not read it. */
    Statement statement(Outcome outcome) {
        return outcome.told().statements().getOrDefault(reader, NOTHING);
    }
}
