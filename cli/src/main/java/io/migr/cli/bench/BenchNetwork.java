package io.migr.cli.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.cli.setup.InstallationFolders;
import io.migr.cli.setup.Settings;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.Weights;
import io.migr.lab.bench.GrpoBenchmark;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.checkpoint.ModelSizes;
import io.migr.model.network.Network;
import io.migr.runtime.config.Configuration;
import io.migr.runtime.config.Key;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures only the network, with random weights, on any device. */
@Command(
        name = "network",
        mixinStandardHelpOptions = true,
        description = {
            "Measures only the network, with random weights: encoders, prompt, and tokens of an explanation.",
            "--model-device sets the device. A size without trained weights shows what a checkpoint of that size would"
                    + " cost."
        })
public final class BenchNetwork implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The network sizes that can be chosen by name. */
    enum Size {
        MICRO,
        TINY,
        HUMANOMNI_0_5B;

        Network.Config config() {
            return switch (this) {
                case MICRO -> ModelSizes.micro(600);
                case TINY -> ModelSizes.tiny(600);
                case HUMANOMNI_0_5B -> ModelSizes.humanOmniHalfBillion();
            };
        }

        @Override
        public String toString() {
            return this == HUMANOMNI_0_5B ? "humanomni-0.5b" : name().toLowerCase(Locale.ROOT);
        }

        static Size of(String name) {
            for (Size size : values()) {
                if (size.toString().equals(name)) {
                    return size;
                }
            }
            throw new IllegalArgumentException("--size must be micro, tiny or humanomni-0.5b, not " + name + ".");
        }
    }

    @Mixin
    private Settings settings;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--size",
            defaultValue = "tiny",
            description = "micro, tiny or humanomni-0.5b; default: ${DEFAULT-VALUE}")
    private String size;

    @Option(
            names = "--batch",
            split = ",",
            defaultValue = "1,8,32",
            description = "clips per batch; default: ${DEFAULT-VALUE}")
    private List<Integer> batches;

    @Option(
            names = "--words",
            defaultValue = "150",
            description = "tokens of an explanation; default: ${DEFAULT-VALUE}")
    private int words;

    @Option(
            names = "--grpo-steps",
            defaultValue = "0",
            description = "also time this many GRPO steps, 12 clips with 8 completions, with the vocabulary of tiny")
    private int steps;

    @Option(names = "--bfloat", description = "multiply matrices in bfloat16 with float32 weights")
    private boolean bfloat;

    @Option(names = "--json", description = "print one JSON object per batch size")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Configuration configuration = settings.configuration();
        Device device = EmotionModel.device(configuration.text(Key.MODEL_DEVICE));
        Size named = Size.of(size);
        if (words < 1 || batches.stream().anyMatch(batch -> batch < 1)) {
            throw new IllegalArgumentException(
                    "--words and --batch must be 1 or more, not " + words + " and " + batches + ".");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (NetworkBenchmark benchmark = new NetworkBenchmark(named.config(), device, bfloat)) {
            for (int batch : batches) {
                print(out, named, device, benchmark, benchmark.run(batch, words));
            }
        }
        if (steps > 0) {
            try (EmotionModel shipped = EmotionModel.load(InstallationFolders.researchModel(configuration), "cpu")) {
                print(out, named, device, grpo(shipped, named.config(), device));
            }
        }
        return 0;
    }

    /** Times GRPO on a decoder of this size with random weights and the vocabulary of tiny. */
    private GrpoBenchmark.Measured grpo(EmotionModel shipped, Network.Config size, Device device) throws IOException {
        EmotionModelConfig config = shipped.config().sized(size);
        Map<String, Tensor> tensors;
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                Weights weights = Weights.random(manager, config.manifest(), NetworkBenchmark.uniform(1))) {
            tensors = weights.tensors(false);
        }
        return new GrpoBenchmark(config, shipped.tokenizer(), tensors, bfloat, device).run(steps);
    }

    private void print(PrintWriter out, Size named, Device device, GrpoBenchmark.Measured one) {
        if (json) {
            out.println(JSON.createObjectNode()
                    .put("size", named.toString())
                    .put("device", device.getDeviceType())
                    .put("bfloat", bfloat)
                    .put("grpo_step_s", 1 / one.stepsPerSecond())
                    .put("rollout_tokens_per_s", one.rolloutTokensPerSecond())
                    .put("completions", one.completionsPerStep())
                    .put("mean_length", one.meanLength()));
        } else {
            out.printf(
                    Locale.ROOT,
                    "GRPO: a step of %.0f completions of %.0f tokens %.2f s, rollouts %.0f tokens/s%n",
                    one.completionsPerStep(),
                    one.meanLength(),
                    1 / one.stepsPerSecond(),
                    one.rolloutTokensPerSecond());
        }
    }

    private void print(
            PrintWriter out, Size named, Device device, NetworkBenchmark benchmark, NetworkBenchmark.Times one) {
        if (json) {
            ObjectNode line = JSON.createObjectNode()
                    .put("size", named.toString())
                    .put("device", device.getDeviceType())
                    .put("bfloat", bfloat)
                    .put("parameters", benchmark.parameters())
                    .put("batch", one.batch())
                    .put("encode_ms", 1e3 * one.encode())
                    .put("prefill_ms", 1e3 * one.prefill())
                    .put("token_ms", 1e3 * one.decode())
                    .put("tokens_per_s", one.batch() / one.decode())
                    .put("clips_per_s", one.clipsPerSecond(words))
                    .put("device_memory_mb", benchmark.deviceMemory() >> 20);
            out.println(line);
        } else {
            out.printf(
                    Locale.ROOT,
                    "%s on %s%s, %d clips at once: encoders %.1f ms, prompt %.1f ms, a token %.2f ms; %.1f tokens/s,"
                            + " %.2f clips/s%n",
                    named,
                    device.getDeviceType(),
                    bfloat ? " in bfloat16" : "",
                    one.batch(),
                    1e3 * one.encode(),
                    1e3 * one.prefill(),
                    1e3 * one.decode(),
                    one.batch() / one.decode(),
                    one.clipsPerSecond(words));
        }
        out.flush();
    }
}
