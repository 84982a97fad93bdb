package io.migr.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.corpus.Split;
import io.migr.model.EmotionModel;
import io.migr.model.LocalClipAnalyser;
import io.migr.model.generate.Sampling;
import io.migr.runtime.Configuration;
import io.migr.runtime.Key;
import io.migr.trainer.Evaluation;
import io.migr.trainer.Outcome;
import io.migr.trainer.Scores;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures a model on clips whose truth is known. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Runs a model over clips of the corpus as the worker would, and sets results beside the truth.",
        footer = {
            "",
            "war, uar     recall over clips, and its mean over emotions",
            "bayes        accuracy of the best possible guess from a clip's true cues; share: war / bayes",
            "importance   the leading modality is the true one (clips whose truth is not balanced)",
            "order        the explanation starts with the true leading modality (the same clips)",
            "consistent   the explanation asserts the predicted emotion",
            "ir           it asserts another emotion than the label although the prediction is right",
            "format       explanations that ended by themselves"
        })
final class Evaluate implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Option(names = "--split", description = "${COMPLETION-CANDIDATES}; default TEST")
    private Split split = Split.TEST;

    @Option(names = "--count", description = "clips, from the split's first; default: all")
    private Integer count;

    @Option(names = "--free-order", description = "the model itself chooses the modality it starts with")
    private boolean free;

    @Option(names = "--json", description = "one JSON object instead of a table")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Configuration configuration = settings.configuration();
        int clips = count == null ? split.size() : count;
        if (clips < 1 || clips > split.size()) {
            throw new ParameterException(
                    spec.commandLine(), "--count is 1 to " + split.size() + " for " + split + ", not " + clips + ".");
        }
        EmotionModel model = EmotionModel.load(Home.model(configuration), configuration.text(Key.MODEL_DEVICE));
        String version = model.version();
        PrintWriter err = spec.commandLine().getErr();
        List<Outcome> outcomes;
        try (LocalClipAnalyser analyser = new LocalClipAnalyser(model, free, Sampling.GREEDY)) {
            outcomes = new Evaluation().run(analyser, split, clips, done -> {
                err.print("\r" + done + " of " + clips + " clips");
                err.flush();
            });
        }
        err.println();
        Map<String, Scores> rows = new LinkedHashMap<>();
        rows.put("all", Scores.of(outcomes));
        rows.putAll(Scores.perSlice(outcomes));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode object = JSON.createObjectNode()
                    .put("model_version", version)
                    .put("split", split.name().toLowerCase(Locale.ROOT))
                    .put("clips", clips)
                    .put("order", free ? "free" : "importance");
            rows.forEach((name, scores) -> object.set(name, json(scores)));
            out.println(object);
        } else {
            out.println(
                    version + " on " + clips + " clips of the " + split.name().toLowerCase(Locale.ROOT) + " split");
            out.print(table(rows));
        }
        out.flush();
        return 0;
    }

    private static ObjectNode json(Scores scores) {
        ObjectNode node = JSON.createObjectNode().put("clips", scores.clips());
        measures(scores).forEach((name, value) -> {
            if (Double.isNaN(value)) {
                node.putNull(name);
            } else {
                node.put(name, Math.round(value * 10_000) / 10_000.0);
            }
        });
        return node;
    }

    private static Map<String, Double> measures(Scores scores) {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("war", scores.war());
        all.put("uar", scores.uar());
        all.put("bayes", scores.bayesAccuracy());
        all.put("share", scores.shareOfBayes());
        all.put("importance", scores.importanceAccuracy());
        all.put("order", scores.orderAccuracy());
        all.put("consistent", scores.consistency());
        all.put("ir", scores.inconsistentWhenCorrect());
        all.put("answer", scores.answerAccuracy());
        all.put("format", scores.formatRate());
        return all;
    }

    private static String table(Map<String, Scores> rows) {
        StringBuilder text = new StringBuilder(String.format("%-20s %6s", "", "clips"));
        measures(rows.get("all")).keySet().forEach(name -> text.append(String.format(" %10s", name)));
        text.append('\n');
        rows.forEach((name, scores) -> {
            text.append(String.format("%-20s %6d", name, scores.clips()));
            measures(scores)
                    .values()
                    .forEach(value -> text.append(
                            Double.isNaN(value)
                                    ? String.format(" %10s", "-")
                                    : String.format(Locale.ROOT, " %10.3f", value)));
            text.append('\n');
        });
        return text.toString();
    }
}
