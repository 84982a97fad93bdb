package io.migr.lab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.measure.OutcomeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the files of an experiment, for all parts run so far. */
record RunFolder(Plan plan, Path folder) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The outcomes of an arm at a temperature by seed, for the seeds run so far. */
    Map<Long, List<Outcome>> outcomes(String arm, double temperature) throws IOException {
        Map<Long, List<Outcome>> outcomes = new TreeMap<>();
        for (long seed : plan.seeds()) {
            Path file = Experiment.outcomes(folder, arm, seed, temperature);
            if (Files.exists(file)) {
                outcomes.put(seed, OutcomeFile.read(file));
            }
        }
        return outcomes;
    }

    /** Rewards during practice: by arm and name of the reward, the mean over seeds per step. */
    Map<String, Map<String, double[]>> curves() throws IOException {
        Map<String, Map<String, double[]>> curves = new LinkedHashMap<>();
        int steps = plan.practice().steps();
        for (long seed : plan.seeds()) {
            Path journal = folder.resolve("runs").resolve(String.valueOf(seed)).resolve("metrics.jsonl");
            for (JsonNode line : lines(journal)) {
                Plan.Arm arm = plan.arms().get(line.path("stage").asText());
                int step = line.path("step").asInt();
                if (arm != null && arm.from() != null && step >= 1 && step <= steps) {
                    line.properties().forEach(part -> {
                        if (part.getKey().matches("rewards/.*/mean|kl")) {
                            String name = part.getKey().replaceAll("rewards/|/mean", "");
                            double[] sums = curves.computeIfAbsent(
                                            line.path("stage").asText(), one -> new LinkedHashMap<>())
                                    .computeIfAbsent(name, one -> new double[2 * steps]);
                            sums[step - 1] += part.getValue().asDouble();
                            sums[steps + step - 1] += 1;
                        }
                    });
                }
            }
        }
        curves.values().forEach(parts -> parts.replaceAll((name, sums) -> means(sums)));
        return curves;
    }

    /** Means of an array that holds sums followed by counts, up to the first count of zero. */
    private static double[] means(double[] sums) {
        int steps = sums.length / 2;
        int done = 0;
        while (done < steps && sums[steps + done] > 0) {
            done++;
        }
        double[] means = new double[done];
        for (int i = 0; i < done; i++) {
            means[i] = sums[i] / sums[steps + i];
        }
        return means;
    }

    /** Hours of training and evaluation per arm, summed over seeds. */
    Map<String, Double> hours() throws IOException {
        Map<String, Double> hours = new LinkedHashMap<>();
        for (long seed : plan.seeds()) {
            Path costs = folder.resolve("runs").resolve(String.valueOf(seed)).resolve("cost.jsonl");
            for (JsonNode line : lines(costs)) {
                hours.merge(line.path("arm").asText(), line.path("seconds").asDouble() / 3600, Double::sum);
            }
        }
        hours.keySet().retainAll(plan.arms().keySet());
        return hours;
    }

    /** Highest possible order accuracy, by what the order is chosen from, e.g. {@code true_cues}. */
    Map<String, Double> ceilings() throws IOException {
        Map<String, Double> ceilings = new LinkedHashMap<>();
        Path file = folder.resolve("ceilings.json");
        if (Files.exists(file)) {
            JSON.readTree(Files.readString(file))
                    .properties()
                    .forEach(one -> ceilings.put(one.getKey(), one.getValue().asDouble()));
        }
        return ceilings;
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                lines.add(JSON.readTree(line));
            }
        }
        return lines;
    }
}
