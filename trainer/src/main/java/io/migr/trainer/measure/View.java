package io.migr.trainer.measure;

import io.migr.model.Emotion;

/**
 * Whose prediction p is, and who reads the explanation: a metric has a value for each view.
 *
 * @param source where p comes from
 * @param reader the name of an {@link ExplanationReader}
 */
public record View(Source source, String reader) {
    /** What users get, read exactly. */
    public static final View SERVED = new View(Source.SERVED, GrammarReader.NAME);

    /** What the text itself answers, read exactly. */
    public static final View ANSWERED = new View(Source.ANSWER, GrammarReader.NAME);

    private static final Statement NOTHING = new Statement(null, null, null);

    /** Where the prediction comes from. */
    public enum Source {
        /** The emotion that the service publishes, from the evidence heads. */
        SERVED,
        /** The emotion in the text's answer block, which the published papers measure. */
        ANSWER
    }

    /** p of a clip; null where the text has no answer. */
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
