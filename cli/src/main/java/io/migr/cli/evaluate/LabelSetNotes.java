package io.migr.cli.evaluate;

import io.migr.evaluation.measure.Outcome;
import io.migr.model.Emotion;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Notes for reports on clips whose label is not in the model's label set.
 *
 * @param known the emotions that the model can predict
 */
record LabelSetNotes(List<Emotion> known) {

    /** One note with the labels that the model cannot predict; empty if it can predict all labels of the clips. */
    List<String> notes(List<Outcome> outcomes) {
        Map<Emotion, Long> foreign = outcomes.stream()
                .map(outcome -> outcome.truth().label())
                .filter(label -> !known.contains(label))
                .collect(Collectors.groupingBy(label -> label, TreeMap::new, Collectors.counting()));
        if (foreign.isEmpty()) {
            return List.of();
        }
        String each = foreign.entrySet().stream()
                .map(one -> one.getKey().word() + " (" + one.getValue() + ")")
                .collect(Collectors.joining(", "));
        return List.of("This model has no word for " + each + "; these clips count as wrong.");
    }
}
