package io.migr.trainer.experiment;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Metrics of an arm as ratios of sums over readings, so that a bootstrap can weigh readings anew. With label g, answer
 * p, and what a judge reads j:
 */
enum Metric {
    /** Accuracy, mean 1[p = g]. */
    WAR(r -> 1, r -> flag(r.right())),
    /** IR of the weighing block: share with j != g among right answers. */
    IR_THINK(r -> flag(r.right()), r -> flag(r.right() && r.think() != r.label())),
    /** The same over all clips. */
    IR_THINK_ALL(r -> 1, r -> flag(r.right() && r.think() != r.label())),
    /** IR of all blocks together. */
    IR_CONCAT(r -> flag(r.right()), r -> flag(r.right() && r.concat() != r.label())),
    /** IR of the first assertion; an explanation that asserts nothing contradicts nothing. */
    IR_FIRST(r -> flag(r.right()), r -> flag(r.right() && r.first() != null && r.first() != r.label())),
    /** Share of right answers with any assertion that differs from the label. */
    CONTRADICTION(r -> flag(r.right()), r -> flag(r.right() && r.contradicts())),
    /** IR by the cues alone (J2). */
    IR_CUES(r -> flag(r.right()), r -> flag(r.right() && r.cues() != r.label())),
    /** The same of the cues that an annotator would have named: the floor of {@link #IR_CUES}. */
    IR_CUES_FLOOR(r -> flag(r.right()), r -> flag(r.right() && r.cueReference() != r.label())),
    /** Explanation emotion accuracy, mean 1[j = g]. */
    EEA(r -> 1, r -> flag(r.think() == r.label())),
    /** Explanation-prediction consistency, mean 1[j = p]. */
    EPC(r -> 1, r -> flag(r.answer() != null && r.think() == r.answer())),
    /** Faithful consistency rate, mean 1[j = g and p = g]. */
    FCR(r -> 1, r -> flag(r.right() && r.think() == r.label())),
    /** First block as the truth has it, over clips whose truth is not balanced. */
    ORDER(r -> flag(decided(r)), r -> flag(decided(r) && r.firstBlock() != null
            && r.firstBlock().name().equals(r.oracle().name()))),
    /** Explanations of the right form. */
    FORMAT(r -> 1, r -> flag(r.answer() != null)),
    /** Share of claimed cues that are not there. */
    HALLUCINATED(Reading::claimed, r -> r.claimed() - r.correct()),
    /** Share of salient true cues that are claimed. */
    CUE_RECALL(Reading::salient, Reading::recalled),
    /** Claimed cues of an explanation. */
    CUES(r -> 1, Reading::claimed),
    /** Tokens of an explanation. */
    TOKENS(r -> 1, Reading::tokens);

    private final ToDoubleFunction<Reading> whole;
    private final ToDoubleFunction<Reading> part;

    Metric(ToDoubleFunction<Reading> whole, ToDoubleFunction<Reading> part) {
        this.whole = whole;
        this.part = part;
    }

    private static double flag(boolean holds) {
        return holds ? 1 : 0;
    }

    private static boolean decided(Reading reading) {
        return reading.oracle() != io.migr.model.Dominance.BALANCED;
    }

    /** As plans and pages name it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The metric of a name.
     *
     * @throws IllegalArgumentException lists the names there are
     */
    static Metric of(String label) {
        return Arrays.stream(values())
                .filter(metric -> metric.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No metric is called " + label + "; there are "
                        + Arrays.stream(values()).map(Metric::label).collect(Collectors.joining(", "))));
    }

    double whole(Reading reading) {
        return whole.applyAsDouble(reading);
    }

    double part(Reading reading) {
        return part.applyAsDouble(reading);
    }

    /** The ratio over readings; NaN where none counts. */
    double of(List<Reading> readings) {
        double wholes = 0;
        double parts = 0;
        for (Reading reading : readings) {
            wholes += whole(reading);
            parts += part(reading);
        }
        return wholes == 0 ? Double.NaN : parts / wholes;
    }
}
