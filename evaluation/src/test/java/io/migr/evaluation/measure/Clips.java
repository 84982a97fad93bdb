package io.migr.evaluation.measure;

import io.migr.evaluation.judge.Judge;
import io.migr.evaluation.measure.Outcome.Claims;
import io.migr.evaluation.measure.Outcome.Prediction;
import io.migr.evaluation.measure.Outcome.Told;
import io.migr.evaluation.measure.Outcome.Truth;
import io.migr.evaluation.measure.Outcome.Weighing;
import io.migr.evaluation.readers.GrammarReader;
import io.migr.evaluation.readers.Statement;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import io.migr.model.ModalityImportance.Estimator;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Hand-made outcomes for tests. */
final class Clips {
    private Clips() {}

    /** An ordinary clip of slice "a", for the methods below to change. */
    static Outcome clip(Emotion label, Emotion predicted, Emotion... asserted) {
        Emotion think = asserted.length == 0 ? null : asserted[asserted.length - 1];
        Statement statement = new Statement(think, Judge.mostFrequent(List.of(asserted)), Arrays.asList(asserted));
        return new Outcome(
                "clip",
                "a",
                new Truth(label, label, Dominance.VISUAL, Map.of()),
                new Prediction(predicted, Map.of(), Map.of()),
                new Told("", predicted, Modality.VISUAL, true, 10, Map.of(GrammarReader.NAME, statement), null));
    }

    static Outcome named(Outcome o, String clip, String slice) {
        return new Outcome(clip, slice, o.truth(), o.prediction(), o.told());
    }

    static Outcome truth(Outcome o, Emotion bayes, Dominance oracle) {
        return new Outcome(
                o.clip(),
                o.slice(),
                new Truth(o.truth().label(), bayes, oracle, o.truth().references()),
                o.prediction(),
                o.told());
    }

    static Outcome sure(Outcome o, double probability) {
        Map<Emotion, Double> probabilities = Map.of(o.prediction().emotion(), probability);
        Prediction prediction = new Prediction(
                o.prediction().emotion(), probabilities, o.prediction().weighings());
        return new Outcome(o.clip(), o.slice(), o.truth(), prediction, o.told());
    }

    static Outcome weighed(Outcome o, double visualShare, Dominance dominant) {
        Map<Estimator, Weighing> weighings = Map.of(Estimator.EVIDENCE_HEADS, new Weighing(visualShare, dominant));
        Prediction prediction =
                new Prediction(o.prediction().emotion(), o.prediction().probabilities(), weighings);
        return new Outcome(o.clip(), o.slice(), o.truth(), prediction, o.told());
    }

    static Outcome told(Outcome o, Emotion answer, Modality first, boolean wellFormed, int tokens) {
        Told told = new Told(
                o.told().text(),
                answer,
                first,
                wellFormed,
                tokens,
                o.told().statements(),
                o.told().claims());
        return new Outcome(o.clip(), o.slice(), o.truth(), o.prediction(), told);
    }

    static Outcome claims(Outcome o, List<String> claimed, List<String> correct, List<String> salient) {
        Told t = o.told();
        Told told = new Told(
                t.text(),
                t.answer(),
                t.first(),
                t.wellFormed(),
                t.tokens(),
                t.statements(),
                new Claims(
                        claimed,
                        correct,
                        salient,
                        salient.stream().filter(claimed::contains).toList()));
        return new Outcome(o.clip(), o.slice(), o.truth(), o.prediction(), told);
    }
}
