package io.migr.evaluation.measure;

import io.migr.evaluation.readers.ExplanationPart;
import io.migr.evaluation.readers.Statement;
import io.migr.model.Analysis;
import io.migr.model.Emotion;
import io.migr.model.ModalityImportance.Estimator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleBiFunction;

/** Shares of clips, NaN if no clip qualifies; {@link Metric} has the equations. */
final class Rates {
    /** The least probability that the log-loss counts. */
    private static final double LEAST = 1e-6;

    private Rates() {}

    static double share(List<Outcome> clips, Predicate<Outcome> holds) {
        return share(clips, clip -> true, holds);
    }

    /** Share of clips that satisfy {@code holds} among those that satisfy {@code qualifies}. */
    static double share(List<Outcome> clips, Predicate<Outcome> qualifies, Predicate<Outcome> holds) {
        long all = 0;
        long held = 0;
        for (Outcome clip : clips) {
            if (qualifies.test(clip)) {
                all++;
                held += holds.test(clip) ? 1 : 0;
            }
        }
        return LabelCounts.share(held, all);
    }

    static double accuracy(List<Outcome> clips, Perspective view) {
        return counts(clips, view, clip -> false).war();
    }

    static double meanRecall(List<Outcome> clips, Perspective view) {
        return counts(clips, view, clip -> false).uar();
    }

    private static LabelCounts counts(List<Outcome> clips, Perspective view, Predicate<Outcome> inconsistent) {
        LabelCounts counts = new LabelCounts(Emotion.values().length);
        for (Outcome clip : clips) {
            counts.add(clip.truth().label().ordinal(), view.right(clip), inconsistent.test(clip));
        }
        return counts;
    }

    private static boolean isAsserted(Outcome clip) {
        return clip.prediction().probabilities().getOrDefault(clip.prediction().emotion(), 0.0) >= Analysis.ASSERTED;
    }

    static double asserted(List<Outcome> clips) {
        return share(clips, clip -> !clip.prediction().probabilities().isEmpty(), Rates::isAsserted);
    }

    static List<Outcome> onlyAsserted(List<Outcome> clips) {
        return clips.stream().filter(Rates::isAsserted).toList();
    }

    static double assertedAccuracy(List<Outcome> clips) {
        return share(
                clips,
                Rates::isAsserted,
                clip -> clip.prediction().emotion() == clip.truth().label());
    }

    static double logLoss(List<Outcome> clips) {
        double sum = 0;
        int counted = 0;
        for (Outcome clip : clips) {
            if (!clip.prediction().probabilities().isEmpty()) {
                double p = clip.prediction()
                        .probabilities()
                        .getOrDefault(clip.truth().label(), 0.0);
                sum -= Math.log(Math.max(LEAST, p));
                counted++;
            }
        }
        return counted == 0 ? Double.NaN : sum / counted;
    }

    static double bayes(List<Outcome> clips) {
        return share(
                clips,
                clip -> clip.truth().bayes() != null,
                clip -> clip.truth().bayes() == clip.truth().label());
    }

    /** Whether the view's reader never reads this part, so that a metric of it has no value. */
    private static boolean unread(List<Outcome> clips, Perspective view, ExplanationPart reading) {
        for (Outcome clip : clips) {
            Statement statement = clip.told().statements().get(view.reader());
            if (statement != null && reading.isReadIn(statement)) {
                return false;
            }
        }
        return true;
    }

    /** The rate, or NaN if the view's reader never reads this part. */
    private static ToDoubleBiFunction<List<Outcome>, Perspective> ifRead(
            ExplanationPart reading, ToDoubleBiFunction<List<Outcome>, Perspective> rate) {
        return (clips, view) -> unread(clips, view, reading) ? Double.NaN : rate.applyAsDouble(clips, view);
    }

    /** Whether j = g. */
    private static boolean assertsLabel(Outcome clip, Perspective view, ExplanationPart reading) {
        return reading.of(view.statement(clip)) == clip.truth().label();
    }

    /** mean 1[j = p]. */
    static ToDoubleBiFunction<List<Outcome>, Perspective> agreeing(ExplanationPart reading) {
        return ifRead(
                reading,
                (clips, view) -> share(clips, clip -> {
                    Emotion predicted = view.predicted(clip);
                    return predicted != null && predicted == reading.of(view.statement(clip));
                }));
    }

    /** mean 1[j = g]. */
    static ToDoubleBiFunction<List<Outcome>, Perspective> explained(ExplanationPart reading) {
        return ifRead(reading, (clips, view) -> share(clips, clip -> assertsLabel(clip, view, reading)));
    }

    /** mean 1[p = g and j = g]. */
    static ToDoubleBiFunction<List<Outcome>, Perspective> faithful(ExplanationPart reading) {
        return ifRead(
                reading, (clips, view) -> share(clips, clip -> view.right(clip) && assertsLabel(clip, view, reading)));
    }

    /** #[p = g and j != g] over #[p = g], or over N. */
    static ToDoubleBiFunction<List<Outcome>, Perspective> inconsistent(ExplanationPart reading, boolean overAll) {
        return ifRead(reading, (clips, view) -> {
            LabelCounts counts = counts(clips, view, clip -> !assertsLabel(clip, view, reading));
            return overAll ? counts.irOfAll() : counts.ir();
        });
    }

    /** #[p = g and any assertion != g] over #[p = g], or over N. */
    static ToDoubleBiFunction<List<Outcome>, Perspective> contradicted(boolean overAll) {
        return ifRead(
                ExplanationPart.FIRST,
                (clips, view) -> share(
                        clips,
                        clip -> overAll || view.right(clip),
                        clip -> view.right(clip)
                                && view.statement(clip).contradicts(clip.truth().label())));
    }

    static double reference(List<Outcome> clips, Perspective view) {
        return share(
                clips,
                clip -> view.right(clip) && clip.truth().references().containsKey(view.reader()),
                clip -> clip.truth().references().get(view.reader())
                        != clip.truth().label());
    }

    static double order(List<Outcome> clips) {
        return share(
                clips,
                clip -> clip.truth().decided(),
                clip -> clip.told().first() == clip.truth().requiredFirst());
    }

    static double importance(List<Outcome> clips, Estimator estimator) {
        return share(
                clips,
                clip -> clip.truth().decided() && clip.prediction().weighings().containsKey(estimator),
                clip -> clip.prediction().weighings().get(estimator).dominant()
                        == clip.truth().oracle());
    }

    static double tokens(List<Outcome> clips) {
        double sum = 0;
        for (Outcome clip : clips) {
            sum += clip.told().tokens();
        }
        return sum / clips.size();
    }
}
