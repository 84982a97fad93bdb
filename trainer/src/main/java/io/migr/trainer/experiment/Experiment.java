package io.migr.trainer.experiment;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.Rationale;
import io.migr.model.Dominance;
import io.migr.model.EmotionModel;
import io.migr.model.engine.Kernels;
import io.migr.model.engine.SafeTensors;
import io.migr.model.engine.SafeTensors.Tensor;
import io.migr.model.engine.Weights;
import io.migr.model.generate.Sampling;
import io.migr.trainer.base.StageRun;
import io.migr.trainer.experiment.Plan.Arm;
import io.migr.trainer.grpo.Decoding;
import io.migr.trainer.grpo.Grpo;
import io.migr.trainer.grpo.GrpoSettings;
import io.migr.trainer.grpo.Policy;
import io.migr.trainer.grpo.Task;
import io.migr.trainer.judge.TextJudge;
import io.migr.trainer.judge.Verifier;
import io.migr.trainer.reward.CachedVerifier;
import io.migr.trainer.reward.Completion;
import io.migr.trainer.reward.Reward;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Runs a plan: for each seed, arm by arm, trains and evaluates what is not there yet. Killed at any time, it goes on at
 * the last checkpoint of the arm that it was in. Within a seed all arms start from the same fresh decoder, see the
 * same clips with the same noise, and are tested on the same clips with the same decoding.
 *
 * <pre>
 * folder/plan.yaml                      what was run
 * folder/outcomes/ARM-SEED-T.csv        what judges read in each explanation, see {@link Reading}
 * folder/texts/ARM-SEED-T.txt           the explanations themselves
 * folder/runs/SEED/metrics.jsonl        losses and rewards of all arms
 * </pre>
 */
public final class Experiment {
    private static final int BATCH = 48;
    private static final int VALIDATION_CLIPS = 192;
    /** Templated text says the same sentences again and again. */
    private static final int SENTENCES = 50_000;

    private final Plan plan;
    private final EmotionModel base;
    private final Path folder;
    private final Path material;
    private final boolean bfloat;
    private final Consumer<String> progress;

    /**
     * Prepares a run.
     *
     * @param base whose towers and projectors perceive; its decoder is not used
     * @param folder of outcomes and checkpoints
     * @param material where rendered and encoded clips are kept, which other experiments may share
     * @param bfloat multiply matrices in bfloat16
     * @param progress told a line now and then
     */
    public Experiment(
            Plan plan, EmotionModel base, Path folder, Path material, boolean bfloat, Consumer<String> progress) {
        this.plan = plan;
        this.base = base;
        this.folder = folder;
        this.material = material;
        this.bfloat = bfloat;
        this.progress = progress;
    }

    /** The outcome file of an arm. */
    static Path outcomes(Path folder, String arm, long seed, double temperature) {
        return folder.resolve("outcomes")
                .resolve(String.format(Locale.ROOT, "%s-%d-%s.csv", arm, seed, temperature == 0 ? "greedy" : temperature));
    }

    /** Does what is not done. */
    public void run() throws IOException {
        Files.createDirectories(folder.resolve("outcomes"));
        Files.createDirectories(folder.resolve("texts"));
        TextJudge judge = TextJudge.trained();
        Kernels.recordGradients(false);
        try (Material clips = new Material(plan, base, material, progress);
                NDManager root = NDManager.newBaseManager(ai.djl.Device.cpu());
                Kernels kernels = new Kernels(root, bfloat);
                Verifier verifier = Verifier.shipped()) {
            Orders orders = new Orders(base, clips);
            for (long seed : plan.seeds()) {
                for (String arm : plan.arms().keySet()) {
                    new ArmRun(arm, seed, clips, orders, root, kernels, new CachedVerifier(verifier, SENTENCES), judge).run();
                }
            }
        }
    }

    /** One arm of one seed. */
    private final class ArmRun {
        private final String name;
        private final Arm arm;
        private final Arm texts;
        private final long seed;
        private final Path runs;
        private final Material clips;
        private final Orders orders;
        private final NDManager root;
        private final Kernels kernels;
        private final CachedVerifier verifier;
        private final TextJudge judge;

        ArmRun(
                String name,
                long seed,
                Material clips,
                Orders orders,
                NDManager root,
                Kernels kernels,
                CachedVerifier verifier,
                TextJudge judge) {
            this.name = name;
            arm = plan.arms().get(name);
            texts = plan.root(name);
            this.seed = seed;
            runs = folder.resolve("runs").resolve(String.valueOf(seed));
            this.clips = clips;
            this.orders = orders;
            this.root = root;
            this.kernels = kernels;
            this.verifier = verifier;
            this.judge = judge;
        }

        void run() throws IOException {
            Path finished = runs.resolve(name + ".safetensors");
            if (!Files.exists(finished)) {
                Files.createDirectories(runs);
                Map<String, Tensor> decoder = decoder(arm.from() == null ? supervised() : practised());
                Path next = runs.resolve(name + ".next");
                SafeTensors.write(next, decoder, Map.of("arm", name));
                Files.move(next, finished, StandardCopyOption.REPLACE_EXISTING);
                Files.deleteIfExists(runs.resolve(name + ".checkpoint"));
                Files.deleteIfExists(runs.resolve(name + ".best.safetensors"));
            }
            for (double temperature : plan.temperatures()) {
                if (!Files.exists(outcomes(folder, name, seed, temperature))) {
                    evaluate(whole(SafeTensors.read(finished)), temperature);
                }
            }
        }

        private void say(String what) {
            progress.accept("seed " + seed + "  " + name + "  " + what);
        }

        private void say(ObjectNode line) {
            StringBuilder text = new StringBuilder(line.path("step").asInt() + " of "
                    + line.path("steps").asInt());
            for (String part : List.of(
                    "explanation", "reward", "rewards/order/mean", "rewards/grounded/mean", "rewards/answer/mean", "kl",
                    "validation", "step_time")) {
                if (line.path(part).isNumber()) {
                    text.append(String.format(Locale.ROOT, "  %s %.3f", part, line.path(part).asDouble()));
                }
            }
            say(text.toString());
        }

        private Map<String, Tensor> decoder(Map<String, Tensor> all) {
            Map<String, Tensor> own = new LinkedHashMap<>();
            all.forEach((tensor, value) -> {
                if (Policy.DECODER.test(tensor)) {
                    own.put(tensor, value);
                }
            });
            return own;
        }

        /** The base's perception with a decoder. */
        private Map<String, Tensor> whole(Map<String, Tensor> decoder) {
            Map<String, Tensor> all = new LinkedHashMap<>(base.tensors());
            all.putAll(decoder);
            return all;
        }

        private Map<String, Tensor> supervised() throws IOException {
            SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong());
            Map<String, Tensor> start;
            try (Weights fresh = Weights.random(root, base.config().manifest(), random)) {
                start = whole(decoder(fresh.tensors(false)));
            }
            SupervisedStage stage = new SupervisedStage(
                    name, base.config(), base.tokenizer(), clips, this::write, plan.supervised());
            StageRun.Plan descent = new StageRun.Plan(
                    plan.supervised().steps(), plan.supervised().learningRate(), 100, seed);
            return new StageRun(stage, descent, runs, kernels, this::say).run(root, start);
        }

        private String write(ClipTruth truth, SplittableRandom random) {
            return texts.rationale(orders.text(texts.order(), truth)).write(truth, random);
        }

        private Map<String, Tensor> practised() throws IOException {
            Plan.Practice practice = plan.practice();
            List<Reward> rewards = arm.rewards().with(verifier);
            Plan.Order order = arm.order() == null ? texts.order() : arm.order();
            List<Task> held = tasks(clips.validation(), order, VALIDATION_CLIPS);
            Grpo.Job job = new Grpo.Job(
                    name,
                    base.config(),
                    base.tokenizer(),
                    whole(SafeTensors.read(runs.resolve(arm.from() + ".safetensors"))),
                    Policy.DECODER,
                    rewards,
                    random -> {
                        int clip = random.nextInt(clips.rl().size());
                        return clips.rl().task(clip, orders.first(order, clips.rl().truth(clip)));
                    },
                    clips.rl().tokens(),
                    policy -> score(policy.about(clips.validation().tokens()), held, rewards));
            GrpoSettings usual = GrpoSettings.pilot(practice.steps(), seed);
            GrpoSettings settings = new GrpoSettings(
                    practice.steps(),
                    seed,
                    new GrpoSettings.Sampling(practice.clips(), practice.group(), practice.limit(), Decoding.FREE),
                    new GrpoSettings.Descent(
                            practice.learningRate(),
                            usual.descent().warmup(),
                            practice.beta(),
                            usual.descent().clips(),
                            usual.descent().orderWeight(),
                            usual.descent().skipFlat(),
                            usual.descent().optimiser()),
                    usual.budget(),
                    usual.checkpointEvery(),
                    usual.validateEvery());
            return new Grpo(job, settings, runs, kernels, this::say).run(root).best();
        }

        /** Mean total reward of greedy explanations. */
        private double score(Policy policy, List<Task> tasks, List<Reward> rewards) throws IOException {
            double sum = 0;
            for (int from = 0; from < tasks.size(); from += BATCH) {
                List<Task> batch = tasks.subList(from, Math.min(tasks.size(), from + BATCH));
                List<Completion> said =
                        policy.complete(batch, Decoding.FREE, Sampling.GREEDY, plan.practice().limit());
                for (int i = 0; i < batch.size(); i++) {
                    for (Reward reward : rewards) {
                        sum += reward.of(batch.get(i).target(), said.get(i));
                    }
                }
            }
            return sum / tasks.size();
        }

        private List<Task> tasks(Clips of, Plan.Order order, int most) {
            List<Task> tasks = new ArrayList<>();
            for (int clip = 0; clip < Math.min(most, of.size()); clip++) {
                tasks.add(of.task(clip, orders.first(order, of.truth(clip))));
            }
            return tasks;
        }

        private Sampling sampling(double temperature, int batch) {
            return temperature == 0 ? Sampling.GREEDY : new Sampling(temperature, 1, 1, 1_000_003 * seed + batch);
        }

        private void evaluate(Map<String, Tensor> weights, double temperature) throws IOException {
            List<Task> tasks = tasks(clips.test(), Plan.Order.IMPORTANCE, clips.test().size());
            List<String> lines = new ArrayList<>(List.of(Reading.HEADER));
            StringBuilder texts = new StringBuilder();
            try (Policy policy = new Policy(
                    root, base.config(), base.tokenizer(), name, weights, kernels, clips.test().tokens())) {
                for (int from = 0; from < tasks.size(); from += BATCH) {
                    List<Task> batch = tasks.subList(from, Math.min(tasks.size(), from + BATCH));
                    // as the service decodes, but the model chooses the order
                    List<Completion> said = policy.complete(
                            batch, Decoding.GRAMMAR_PLAIN, sampling(temperature, from), plan.practice().limit());
                    for (int i = 0; i < batch.size(); i++) {
                        ClipTruth truth = clips.test().truth(from + i);
                        int tokens = base.tokenizer().encode(said.get(i).text()).length;
                        lines.add(Reading.of(truth, said.get(i), tokens, judge).line());
                        texts.append(truth.seed())
                                .append('\t')
                                .append(said.get(i).text().replace('\n', ' '))
                                .append('\n');
                    }
                    say("evaluate " + (from + batch.size()) + " of " + tasks.size());
                }
            }
            Path file = outcomes(folder, name, seed, temperature);
            Files.writeString(
                    folder.resolve("texts").resolve(file.getFileName().toString().replace(".csv", ".txt")), texts);
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.write(next, lines);
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
