package io.migr.trainer.grpo;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.model.Dominance;
import io.migr.model.EmotionModelConfig;
import io.migr.model.Network;
import io.migr.model.Tokenizer;
import io.migr.model.engine.Kernels;
import io.migr.model.engine.Kernels.Precision;
import io.migr.model.engine.SafeTensors.Tensor;
import io.migr.trainer.reward.Completion;
import io.migr.trainer.reward.Reward;
import io.migr.trainer.reward.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Times GRPO of a model's decoder as the pilot's settings have it: groups of 8 for 12 clips. The clips' tokens are
 * noise and rewards are drawn, so that no group is flat: what is timed is the network, not the towers or the rewards.
 */
public final class GrpoBenchmark {
    private static final int CLIPS = 64;

    /**
     * What was measured.
     *
     * @param stepsPerSecond whole steps: samples, reference, policy, update; the median step
     * @param rolloutTokensPerSecond sampled tokens over all rows, prompts included; the best round
     * @param completionsPerStep sampled
     * @param promptsPerStep prompts run through the decoder: samples, reference and policy, once for each clip
     * @param meanLength tokens of a completion
     */
    public record Measured(
            double stepsPerSecond,
            double rolloutTokensPerSecond,
            double completionsPerStep,
            double promptsPerStep,
            double meanLength) {}

    private final EmotionModelConfig config;
    private final Tokenizer tokenizer;
    private final Map<String, Tensor> tensors;
    private final boolean bfloat;
    private final Device device;

    /**
     * Prepares.
     *
     * @param tensors weights of a trained model, whose texts have their usual length
     * @param bfloat multiply in bfloat16
     * @param device where
     */
    public GrpoBenchmark(
            EmotionModelConfig config,
            Tokenizer tokenizer,
            Map<String, Tensor> tensors,
            boolean bfloat,
            Device device) {
        this.config = config;
        this.tokenizer = tokenizer;
        this.tensors = tensors;
        this.bfloat = bfloat;
        this.device = device;
    }

    /**
     * Measures.
     *
     * @param steps how many; as many rounds of sampling
     */
    public Measured run(int steps) throws IOException {
        Path folder = Files.createTempDirectory("migr-grpo");
        try (NDManager root = NDManager.newBaseManager(device);
                Kernels kernels = new Kernels(root, Precision.of(bfloat))) {
            double rollouts = rollouts(root, kernels, steps);
            List<ObjectNode> lines = new ArrayList<>();
            new Grpo(job(), settings(steps + 1), folder, kernels, lines::add).run(root);
            // the first step warms up
            lines.remove(0);
            double[] seconds = lines.stream()
                    .mapToDouble(line -> line.path("step_time").asDouble())
                    .sorted()
                    .toArray();
            return new Measured(
                    1 / seconds[seconds.length / 2],
                    rollouts,
                    mean(lines, line -> line.path("work/scored_texts").asDouble() / 2),
                    mean(lines, line -> line.path("work/prompts").asDouble()),
                    mean(lines, line -> line.path("completions/mean_length").asDouble()));
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static double mean(List<ObjectNode> lines, ToDoubleFunction<ObjectNode> value) {
        return lines.stream().mapToDouble(value).average().orElse(0);
    }

    private static GrpoSettings settings(int steps) {
        GrpoSettings pilot = GrpoSettings.pilot(steps, 1);
        return new GrpoSettings(
                steps, 1, pilot.sampling(), pilot.descent(), pilot.budget(), steps, pilot.validateEvery());
    }

    private double rollouts(NDManager root, Kernels kernels, int rounds) throws IOException {
        Kernels.recordGradients(false);
        GrpoSettings.Sampling sampling = settings(1).sampling();
        List<Task> tasks =
                IntStream.range(0, sampling.clips()).mapToObj(this::task).toList();
        double best = 0;
        try (Policy policy = new Policy(root, config, tokenizer, "benchmark", tensors, kernels, this::noise)) {
            for (int round = 0; round <= rounds; round++) {
                long start = System.nanoTime();
                long tokens = policy
                        .generate(
                                tasks,
                                sampling.group(),
                                sampling.decoding(),
                                new io.migr.model.generate.Sampling(1, 1, 1, round),
                                sampling.limit())
                        .stream()
                        .mapToLong(text -> text.tokens().length + (text.stopped() ? 1 : 0))
                        .sum();
                double rate = tokens / ((System.nanoTime() - start) / 1e9);
                best = round == 0 ? 0 : Math.max(best, rate);
            }
        }
        return best;
    }

    private Task task(int clip) {
        return new Task(clip, true, true, new Target(config.labels().get(0), Dominance.BALANCED, config.labels()));
    }

    private Grpo.Job job() {
        return new Grpo.Job(
                "benchmark",
                config,
                tokenizer,
                tensors,
                Policy.DECODER,
                List.of(new Drawn()),
                random -> task(random.nextInt(CLIPS)),
                this::noise,
                null);
    }

    /** A reward that differs from text to text and means nothing. */
    private static final class Drawn implements Reward {
        @Override
        public String name() {
            return "drawn";
        }

        @Override
        public double of(Target target, Completion completion) {
            return new SplittableRandom(completion.text().hashCode()).nextDouble();
        }
    }

    private ClipTokens.Tokens noise(NDManager scope, Network network, int[] clips) {
        Network.Config sizes = network.config();
        return new ClipTokens.Tokens(
                noise(scope, clips, sizes.videoTokens(), sizes.decoder().hidden()),
                noise(scope, clips, sizes.audioTokens(), sizes.decoder().hidden()));
    }

    private static NDArray noise(NDManager scope, int[] clips, int tokens, int hidden) {
        float[] values = new float[clips.length * tokens * hidden];
        for (int c = 0; c < clips.length; c++) {
            SplittableRandom random = new SplittableRandom(clips[c]);
            for (int i = 0; i < tokens * hidden; i++) {
                values[c * tokens * hidden + i] = (float) random.nextDouble(-1, 1);
            }
        }
        return scope.create(values, new Shape(clips.length, tokens, hidden));
    }
}
