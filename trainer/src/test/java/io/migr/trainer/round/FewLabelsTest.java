package io.migr.trainer.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.migr.corpus.Split;
import io.migr.corpus.people.PeopleClip;
import io.migr.evaluation.measure.Bootstrap;
import io.migr.evaluation.measure.Metric;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.measure.Perspective;
import io.migr.evaluation.promotion.PromotionGate;
import io.migr.evaluation.promotion.PromotionGate.Finding;
import io.migr.evaluation.promotion.PromotionGate.Pair;
import io.migr.evaluation.promotion.PromotionGate.Verdict;
import io.migr.model.ClipInput;
import io.migr.model.Emotion;
import io.migr.model.analysis.Evidence;
import io.migr.model.analysis.LocalClipAnalyser;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.models.FolderStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the shipped model learns from labels of ten people who look sad or angry at rest, or seem to smile, by rounds with
 * the default settings: on unseen clips of the same people, and on clips of people as they were drawn for training.
 */
@Tag("long")
final class FewLabelsTest {
    private static final RoundProgress SILENT = (stage, done, total, numbers, text) -> {};
    private static final Path WEIGHTS = Path.of("..", "model", "weights", "people");
    private static final int UNSEEN = 800;
    private static final int BATCH = 16;

    @TempDir
    private Path folder;

    /** The outcomes of a model. */
    private record Measured(List<Outcome> people, List<Outcome> ordinary) {
        String text() {
            return text(people) + "   " + text(ordinary);
        }

        private static String text(List<Outcome> clips) {
            return String.format(
                    Locale.ROOT,
                    "%.3f %.3f %.3f",
                    of(Metric.WAR, clips),
                    of(Metric.LOG_LOSS, clips),
                    of(Metric.ECE, clips));
        }
    }

    private static double of(Metric metric, List<Outcome> clips) {
        return metric.of(clips, Perspective.SERVED);
    }

    private static PeopleClip person(Split split, int clip) {
        return PeopleClip.of(clip % PeopleClip.PEOPLE, split.seed(clip));
    }

    private static Measured measured(Path model) throws IOException {
        EmotionModel loaded = EmotionModel.load(model, "cpu");
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(loaded)) {
            return new Measured(
                    outcomes(
                            loaded,
                            analyser,
                            IntStream.range(0, UNSEEN)
                                    .mapToObj(i -> person(Split.TEST, i))
                                    .toList()),
                    outcomes(
                            loaded,
                            analyser,
                            IntStream.range(UNSEEN, 2 * UNSEEN)
                                    .mapToObj(i -> PeopleClip.of(Split.TEST.seed(i)))
                                    .toList()));
        }
    }

    private static List<Outcome> outcomes(EmotionModel model, LocalClipAnalyser analyser, List<PeopleClip> clips) {
        List<Outcome> outcomes = new ArrayList<>();
        List<Emotion> labels = model.config().labels();
        for (int from = 0; from < clips.size(); from += BATCH) {
            List<PeopleClip> batch = clips.subList(from, Math.min(clips.size(), from + BATCH));
            List<Evidence> evidence = analyser.evidence(
                    batch.stream()
                            .map(clip -> ClipInput.of(clip.cues().reading()))
                            .toList(),
                    model.config().temperature());
            for (int i = 0; i < batch.size(); i++) {
                Map<Emotion, Double> probabilities = new LinkedHashMap<>();
                for (int y = 0; y < labels.size(); y++) {
                    probabilities.put(labels.get(y), Math.exp(evidence.get(i).best()[y]));
                }
                outcomes.add(new Outcome(
                        String.valueOf(from + i),
                        "all",
                        new Outcome.Truth(batch.get(i).label(), null, null, Map.of()),
                        new Outcome.Prediction(labels.get(evidence.get(i).favoured()), probabilities, Map.of()),
                        new Outcome.Told("", null, null, false, 0, Map.of(), null)));
            }
        }
        return outcomes;
    }

    private static Labelled.Log log(int labels) {
        Labelled.Log log = new Labelled.Log();
        for (int i = 0; i < labels; i++) {
            PeopleClip clip = person(Split.RL, i);
            log.add(Labelled.example(
                    "monday",
                    "person-" + i % PeopleClip.PEOPLE,
                    i,
                    clip,
                    io.migr.schemas.Emotion.valueOf(clip.label().name())));
        }
        return log;
    }

    @Test
    void labelsOfTenPeoplePayEarly() throws Exception {
        FolderStore store = new FolderStore(folder.resolve("store"));
        String parent = store.put(WEIGHTS).sha256();
        Measured before = measured(store.fetch(parent));
        System.out.println("labels  people: accuracy, log-loss, ECE   ordinary: accuracy, log-loss, ECE");
        System.out.printf("%6d  %s%n", 0, before.text());
        Map<Integer, Measured> curve = new LinkedHashMap<>();
        for (int labels : new int[] {20, 50, 100, 200}) {
            Labelled.Log log = log(labels);
            RoundPlan plan = new RoundPlan(
                    RoundRecipe.of(Configuration.of(Map.of()), "people-1", parent, true), log.newest(1000), null);
            Round round =
                    new Round(plan, folder.resolve("round-" + labels), folder.resolve("corpus"), log, store, SILENT);
            Measured after = measured(round.train().orElseThrow());
            Verdict verdict = round.judge();
            System.out.printf(
                    "%6d  %s   %s, %s%n        %s%n",
                    labels,
                    after.text(),
                    plan.recipe().fitsFewNumbers(round.counts()) ? "few numbers" : "fine-tuned",
                    verdict.promoted() ? "promoted" : "rejected",
                    verdict.why());
            curve.put(labels, after);
            List<Finding> lost = new PromotionGate(Bootstrap.USUAL)
                    .judge(Map.of("ordinary", new Pair(before.ordinary(), after.ordinary()))).findings().stream()
                            .filter(Finding::lost)
                            .toList();
            System.out.println("        ordinary clips lost: " + lost);
        }
        assertTrue(of(Metric.LOG_LOSS, curve.get(20).people()) < of(Metric.LOG_LOSS, before.people()));
        assertTrue(of(Metric.WAR, curve.get(20).people()) >= of(Metric.WAR, before.people()));
        assertTrue(of(Metric.WAR, curve.get(100).people()) > of(Metric.WAR, before.people()));
        assertEquals(4, curve.size());
    }
}
