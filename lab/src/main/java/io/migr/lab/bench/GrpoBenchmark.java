package io.migr.lab.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.engine.Kernels;
import io.migr.engine.Kernels.Precision;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.model.Dominance;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.explain.Tokenizer;
import io.migr.model.network.Network;
import io.migr.trainer.grpo.ClipTokens;
import io.migr.trainer.grpo.Grpo;
import io.migr.trainer.grpo.GrpoSettings;
import io.migr.trainer.grpo.Policy;
import io.migr.trainer.grpo.Task;
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
 * Times GRPO of a model's decoder with the pilot's settings: groups of 8 for 12 clips. The clips' tokens are noise and
 * the rewards are random so that no group is flat: this times the decoder, not the towers or the rewards.
 */
public final class GrpoBenchmark {
    private static final int CLIPS = 64;

    /**
     * The measured speeds and counts.
     *
     * @param stepsPerSecond whole steps: samples, reference, policy, update; the median step
     * @param rolloutTokensPerSecond sampled tokens over all rows, prompts included; the best round
     * @param completionsPerStep sampled completions
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
     * Creates a benchmark of one model's decoder.
     *
     * @param tensors weights of a trained model, so that texts have their usual length
     * @param bfloat whether to multiply matrices in bfloat16
     * @param device the device to run on
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
     * Runs the benchmark.
     *
     * @param steps number of training steps, and of rounds of sampling
     */
    public Measured run(int steps) throws IOException {
        Path folder = Files.createTempDirectory("migr-grpo");
        try (NDManager root = NDManager.newBaseManager(device);
                Kernels kernels = new Kernels(root, Precision.of(bfloat))) {
            double rollouts = rollouts(root, kernels, steps);
            List<ObjectNode> lines = new ArrayList<>();
            new Grpo(job(), settings(steps + 1), folder, kernels, lines::add).run(root);
            // the first step is warm-up
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
                                new io.migr.model.decode.Sampling(1, 1, 1, round),
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
                List.of(new RandomReward()),
                random -> task(random.nextInt(CLIPS)),
                this::noise,
                null);
    }

    /** A random reward that depends only on the text. */
    private static final class RandomReward implements Reward {
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
