package io.migr.cli.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.engine.Kernels;
import io.migr.engine.Kernels.Precision;
import io.migr.engine.ProcessorFeatures;
import io.migr.engine.SafeTensors;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.lab.bench.GrpoBenchmark;
import io.migr.model.Dominance;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.network.Network;
import io.migr.trainer.grpo.Grpo;
import io.migr.trainer.grpo.GrpoSettings;
import io.migr.trainer.grpo.Policy;
import io.migr.trainer.grpo.ProjectedTokens;
import io.migr.trainer.grpo.Task;
import io.migr.trainer.reward.Completion;
import io.migr.trainer.reward.Reward;
import io.migr.trainer.reward.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Times GRPO steps of a model with groups of 8 completions, and counts tower runs and completions of one step. */
final class PolicyBenchmark implements AutoCloseable {
    private final EmotionModel model;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    PolicyBenchmark(Path folder) throws IOException {
        model = EmotionModel.load(folder, "cpu");
        try {
            Map<String, Tensor> all = SafeTensors.read(folder.resolve("model.safetensors"));
            // a released checkpoint has more tensors than are used
            model.config().manifest().keySet().forEach(name -> tensors.put(name, all.get(name)));
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** Measures the rates over {@code steps} steps. */
    GrpoBenchmark.Measured rates(int steps) throws IOException {
        return new GrpoBenchmark(
                        model.config(), model.tokenizer(), tensors, ProcessorFeatures.hasBfloat(), Device.cpu())
                .run(steps);
    }

    /**
     * What one step computed, according to the counts in its metrics.
     *
     * @param towers the number of clips that the vision or the audio tower processed, whichever is more; one run for a
     *     clip serves sampling, reference and gradient
     * @param completions the number of completions sampled for these clips
     */
    record Work(int towers, int completions) {}

    /**
     * Runs one step whose clips pass through towers and projectors, as when projectors are trained too.
     *
     * @param folder the folder for the run's files
     */
    Work work(Path folder) throws IOException {
        GrpoSettings settings = GrpoSettings.pilot(1, 1);
        int clips = settings.sampling().clips();
        AtomicInteger next = new AtomicInteger();
        List<ObjectNode> lines = new ArrayList<>();
        try (NDManager root = NDManager.newBaseManager(Device.cpu());
                Kernels kernels = new Kernels(root, Precision.of(ProcessorFeatures.hasBfloat()))) {
            Grpo.Job job = new Grpo.Job(
                    "towers",
                    model.config(),
                    model.tokenizer(),
                    tensors,
                    Policy.DECODER,
                    List.of(new Length()),
                    random -> task(next.getAndIncrement()),
                    new ProjectedTokens(
                            new Noise(model.config().network()),
                            model.tokenizer().encode(model.config().instruction()),
                            clips),
                    null);
            Grpo.Result result = new Grpo(job, settings, folder, kernels, lines::add).run(root);
            ObjectNode line = lines.get(0);
            return new Work(
                    Math.max(
                            line.path("work/vision_towers").asInt(),
                            line.path("work/audio_towers").asInt()),
                    (int) result.counters().completions());
        }
    }

    private Task task(int clip) {
        EmotionModelConfig config = model.config();
        return new Task(clip, true, true, new Target(config.labels().get(0), Dominance.BALANCED, config.labels()));
    }

    /** A reward that differs between texts, so that every group has a gradient. */
    private static final class Length implements Reward {
        @Override
        public String name() {
            return "length";
        }

        @Override
        public double of(Target target, Completion completion) {
            return completion.text().length();
        }
    }

    /** Random numbers in [-1, 1) in place of what the network reads of a clip. */
    private record Noise(Network.Config config) implements ProjectedTokens.Media {
        @Override
        public float[] seen(int clip) {
            return drawn(clip, config.faceInput(1).size());
        }

        @Override
        public float[] heard(int clip) {
            return drawn(~clip, config.voiceInput(1).size());
        }

        private static float[] drawn(int seed, long size) {
            SplittableRandom random = new SplittableRandom(seed);
            float[] values = new float[Math.toIntExact(size)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(-1, 1);
            }
            return values;
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
