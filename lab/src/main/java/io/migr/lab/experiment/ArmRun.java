package io.migr.lab.experiment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.corpus.ClipTruth;
import io.migr.corpus.Split;
import io.migr.engine.SafeTensors;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.Weights;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.measure.OutcomeFile;
import io.migr.lab.experiment.Experiment.Setup;
import io.migr.lab.experiment.Plan.Arm;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.decode.Sampling;
import io.migr.trainer.grpo.Grpo;
import io.migr.trainer.grpo.GrpoSettings;
import io.migr.trainer.grpo.PerceptionReward;
import io.migr.trainer.grpo.Policy;
import io.migr.trainer.grpo.RolloutDecoding;
import io.migr.trainer.grpo.Task;
import io.migr.trainer.reward.Completion;
import io.migr.trainer.reward.Reward;
import io.migr.trainer.sft.StageRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** Trains and evaluates one arm with one seed, unless its files show that this is already done. */
final class ArmRun {
    private static final int BATCH = 96;
    private static final int VALIDATION_CLIPS = 192;

    private final Setup setup;
    private final Plan plan;
    private final EmotionModel base;
    private final String name;
    private final Arm arm;
    private final Arm textSource;
    private final long seed;
    private final Path folder;
    private final Path runs;

    ArmRun(Setup setup, String name, long seed, Path folder) {
        this.setup = setup;
        this.name = name;
        this.seed = seed;
        this.folder = folder;
        plan = setup.plan();
        base = setup.base();
        arm = plan.arms().get(name);
        textSource = plan.root(name);
        runs = folder.resolve("runs").resolve(String.valueOf(seed));
    }

    /** Decodes all test clips as the service does, except that the model chooses the order of blocks. */
    void evaluate(ExplanationLog log, double temperature, Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Map<String, Tensor> weights = addPerception(train());
        long start = System.nanoTime();
        ExperimentClips test = setup.clips().of(Split.TEST);
        List<Outcome> outcomes = new ArrayList<>();
        decode(
                weights,
                test,
                temperature,
                completion -> outcomes.add(log.outcome(test.truth(outcomes.size()), completion)));
        OutcomeFile.write(file, outcomes);
        cost("evaluate-" + temperature, start, test.size());
    }

    /** Share of validation clips that are answered correctly with greedy decoding, 0..1. */
    double validationAccuracy() throws IOException {
        ExperimentClips clips = setup.clips().of(Split.VALIDATION);
        List<Boolean> correct = new ArrayList<>();
        decode(
                addPerception(train()),
                clips,
                0,
                completion -> correct.add(completion
                        .explanation()
                        .map(explanation -> explanation.answer()
                                == clips.truth(correct.size()).label())
                        .orElse(false)));
        return correct.stream().mapToInt(one -> one ? 1 : 0).average().orElseThrow();
    }

    /** Receives the explanations of clips, in the order of the clips. */
    private interface Receiver {
        void accept(Completion completion);
    }

    private void decode(Map<String, Tensor> weights, ExperimentClips clips, double temperature, Receiver receiver)
            throws IOException {
        List<Task> tasks = tasks(clips, Plan.Order.IMPORTANCE, clips.size());
        try (Policy policy =
                new Policy(setup.root(), config(), base.tokenizer(), name, weights, setup.kernels(), clips.tokens())) {
            for (int from = 0; from < tasks.size(); from += BATCH) {
                List<Task> batch = tasks.subList(from, Math.min(tasks.size(), from + BATCH));
                policy.complete(
                                batch,
                                RolloutDecoding.GRAMMAR_PLAIN,
                                sampling(temperature, from),
                                plan.practice().limit())
                        .forEach(receiver::accept);
            }
        }
        report("decoded " + tasks.size() + " explanations at temperature " + temperature);
    }

    private EmotionModelConfig config() {
        return base.config().limited(plan.blockLimit());
    }

    private Sampling sampling(double temperature, int batch) {
        return temperature == 0 ? Sampling.GREEDY : new Sampling(temperature, 1, 1, 1_000_003 * seed + batch);
    }

    /** The arm's decoder: read from its file, or trained now if there is none. */
    private Map<String, Tensor> train() throws IOException {
        Path finished = runs.resolve(name + ".safetensors");
        if (!Files.exists(finished)) {
            Files.createDirectories(runs);
            long start = System.nanoTime();
            Map<String, Tensor> decoder = keepDecoder(arm.from() == null ? trainSupervised() : practise());
            cost(
                    "train",
                    start,
                    arm.from() == null
                            ? plan.supervised().steps()
                            : plan.practice().steps());
            Path next = runs.resolve(name + ".next");
            SafeTensors.write(next, decoder, Map.of("arm", name));
            Files.move(next, finished, StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(runs.resolve(name + ".checkpoint"));
            Files.deleteIfExists(runs.resolve(name + ".best.safetensors"));
        }
        return SafeTensors.read(finished);
    }

    private void cost(String part, long start, int units) throws IOException {
        ObjectNode line = JsonNodeFactory.instance
                .objectNode()
                .put("arm", name)
                .put("part", part)
                .put("seconds", (System.nanoTime() - start) / 1e9)
                .put("units", units);
        Files.writeString(
                runs.resolve("cost.jsonl"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void report(String what) {
        setup.progress().accept("seed " + seed + "  " + name + "  " + what);
    }

    private void report(ObjectNode line) {
        StringBuilder text = new StringBuilder(
                line.path("step").asInt() + " of " + line.path("steps").asInt());
        for (String part : List.of(
                "explanation",
                "reward",
                "rewards/order/mean",
                "rewards/grounded/mean",
                "rewards/answer/mean",
                "rewards/perception/mean",
                "kl",
                "validation",
                "step_time")) {
            if (line.path(part).isNumber()) {
                text.append(String.format(
                        Locale.ROOT, "  %s %.3f", part, line.path(part).asDouble()));
            }
        }
        report(text.toString());
    }

    private static Map<String, Tensor> keepDecoder(Map<String, Tensor> all) {
        Map<String, Tensor> decoder = new LinkedHashMap<>(all);
        decoder.keySet().removeIf(Policy.DECODER.negate());
        return decoder;
    }

    /** The base model's towers and projectors, with a decoder. */
    private Map<String, Tensor> addPerception(Map<String, Tensor> decoder) {
        Map<String, Tensor> all = new LinkedHashMap<>(base.tensors());
        all.putAll(decoder);
        return all;
    }

    private Map<String, Tensor> trainSupervised() throws IOException {
        SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong());
        Map<String, Tensor> start;
        try (Weights fresh = Weights.random(setup.root(), base.config().manifest(), random)) {
            start = addPerception(keepDecoder(fresh.tensors(false)));
        }
        Plan.Supervised supervised = plan.supervised();
        SupervisedStage stage =
                new SupervisedStage(name, base.config(), base.tokenizer(), setup.clips(), this::write, supervised);
        StageRun.Plan descent = new StageRun.Plan(supervised.steps(), supervised.learningRate(), 100, seed);
        return new StageRun(stage, descent, runs, setup.kernels(), this::report).run(setup.root(), start);
    }

    private String write(ClipTruth truth, SplittableRandom random) {
        return textSource
                .rationale(setup.orders().text(textSource.order(), truth))
                .write(truth, random);
    }

    private Map<String, Tensor> practise() throws IOException {
        List<Reward> rewards = arm.rewards().with(setup.verifier());
        List<Reward> trainedOn = new ArrayList<>(rewards);
        if (arm.perception() > 0) {
            trainedOn.add(new PerceptionReward(arm.perception()));
        }
        Plan.Order order = arm.order() == null ? textSource.order() : arm.order();
        ExperimentClips rl = setup.clips().of(Split.RL);
        ExperimentClips validation = setup.clips().of(Split.VALIDATION);
        List<Task> heldOut = tasks(validation, order, VALIDATION_CLIPS);
        Map<String, Tensor> start = new ArmRun(setup, arm.from(), seed, folder).train();
        Grpo.Job job = new Grpo.Job(
                name,
                config(),
                base.tokenizer(),
                addPerception(start),
                Policy.DECODER,
                trainedOn,
                random -> {
                    int clip = random.nextInt(rl.size());
                    return rl.task(clip, setup.orders().first(order, rl.truth(clip)));
                },
                rl.tokens(),
                policy -> score(policy.about(validation.tokens()), heldOut, rewards));
        return new Grpo(job, settings(), runs, setup.kernels(), this::report)
                .run(setup.root())
                .best();
    }

    private GrpoSettings settings() {
        Plan.Practice practice = plan.practice();
        GrpoSettings usual = GrpoSettings.pilot(practice.steps(), seed);
        return new GrpoSettings(
                practice.steps(),
                seed,
                new GrpoSettings.Sampling(practice.clips(), practice.group(), practice.limit(), RolloutDecoding.FREE),
                new GrpoSettings.Descent(
                        practice.learningRate(),
                        usual.descent().warmup(),
                        practice.beta(),
                        practice.clips(),
                        practice.orderWeight(),
                        usual.descent().skipFlat(),
                        usual.descent().optimiser()),
                usual.budget(),
                usual.checkpointEvery(),
                usual.validateEvery());
    }

    /** Mean total reward of greedily decoded explanations. */
    private double score(Policy policy, List<Task> tasks, List<Reward> rewards) throws IOException {
        double sum = 0;
        for (int from = 0; from < tasks.size(); from += BATCH) {
            List<Task> batch = tasks.subList(from, Math.min(tasks.size(), from + BATCH));
            List<Completion> completions = policy.complete(
                    batch,
                    RolloutDecoding.FREE,
                    Sampling.GREEDY,
                    plan.practice().limit());
            for (int i = 0; i < batch.size(); i++) {
                for (Reward reward : rewards) {
                    sum += reward.of(batch.get(i).target(), completions.get(i));
                }
            }
        }
        return sum / tasks.size();
    }

    private List<Task> tasks(ExperimentClips clips, Plan.Order order, int limit) {
        List<Task> tasks = new ArrayList<>();
        for (int clip = 0; clip < Math.min(limit, clips.size()); clip++) {
            tasks.add(clips.task(clip, setup.orders().first(order, clips.truth(clip))));
        }
        return tasks;
    }
}
