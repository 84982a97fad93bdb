package io.migr.trainer.grpo;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.engine.AdamW;
import io.migr.engine.Kernels;
import io.migr.engine.SafeTensors;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.explain.Tokenizer;
import io.migr.model.network.Network;
import io.migr.trainer.grpo.StepGradient.Measured;
import io.migr.trainer.reward.Reward;
import io.migr.trainer.run.Checkpoint;
import io.migr.trainer.run.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Group relative policy optimisation (arXiv 2402.03300) as in R1-Omni and TRL: one update per batch of samples, so
 * there is no ratio to clip; advantages per group with the sample standard deviation; the mean over a completion's own
 * tokens; k3 KL to the frozen starting point. The order reward is credited only to the token that decides the order,
 * see {@link Advantages}.
 *
 * <p>The tasks and samples of a step are a function of the seed and the step, and a checkpoint holds weights, optimiser
 * state and counts, so a run that is killed at any point and resumed ends with the same weights (bit for bit on one CPU
 * thread).
 */
public final class Grpo {

    /**
     * The policy to train, its tasks, rewards and validation.
     *
     * @param name of the run, used for its files and its lines in the journal
     * @param start weights of the supervised model: the policy's starting point and the KL reference
     * @param trainable parameters that change, e.g. {@link Policy#DECODER}
     * @param validation selects the policy to keep; null: the last one is kept
     */
    public record Job(
            String name,
            EmotionModelConfig config,
            Tokenizer tokenizer,
            Map<String, Tensor> start,
            Predicate<String> trainable,
            List<Reward> rewards,
            TaskSampler tasks,
            ClipTokens tokens,
            PolicyValidation validation) {
        public Job {
            rewards = List.copyOf(rewards);
        }
    }

    /**
     * The outcome of a run.
     *
     * @param best weights of the policy with the best validation score
     * @param last weights after the last step
     * @param steps number of completed steps
     * @param bestStep the step after which the best policy was reached; 0: the start was not surpassed
     * @param bestScore its validation score; NaN without validation
     * @param overBudget whether the KL budget ended the run
     */
    public record Result(
            Map<String, Tensor> best,
            Map<String, Tensor> last,
            int steps,
            int bestStep,
            double bestScore,
            boolean overBudget,
            RunCounters counters) {}

    private final Job job;
    private final GrpoSettings settings;
    private final Path folder;
    private final Kernels kernels;
    private final Consumer<ObjectNode> progress;
    private final Journal journal;

    /**
     * Prepares a run.
     *
     * @param folder for checkpoint, best weights and {@code metrics.jsonl}
     * @param progress receives each line of the journal, with the seconds the step took
     */
    public Grpo(Job job, GrpoSettings settings, Path folder, Kernels kernels, Consumer<ObjectNode> progress) {
        this.job = job;
        this.settings = settings;
        this.folder = folder;
        this.kernels = kernels;
        this.progress = progress;
        journal = new Journal(folder.resolve("metrics.jsonl"), job.name());
    }

    /** The state of a run apart from its weights. */
    private static final class Standing {
        private int step;
        private int bestStep;
        private double bestScore = Double.NaN;
        private boolean overBudget;
        private RunCounters counters = RunCounters.NONE;

        static Standing of(Checkpoint checkpoint) {
            Standing standing = new Standing();
            standing.step = checkpoint.step();
            standing.counters = RunCounters.of(checkpoint.numbers("counters", RunCounters.NONE.saved()));
            long[] best = checkpoint.numbers("best", 0, Double.doubleToLongBits(Double.NaN), 0);
            standing.bestStep = (int) best[0];
            standing.bestScore = Double.longBitsToDouble(best[1]);
            standing.overBudget = best[2] == 1;
            return standing;
        }

        Map<String, long[]> numbers() {
            long[] best = {bestStep, Double.doubleToLongBits(bestScore), overBudget ? 1 : 0};
            return Map.of("counters", counters.saved(), "best", best);
        }
    }

    /** Trains from the last checkpoint to the end. */
    public Result run(NDManager root) throws IOException {
        Files.createDirectories(folder);
        Checkpoint checkpoint = Checkpoint.of(folder.resolve(job.name() + ".checkpoint"));
        Standing standing = Standing.of(checkpoint);
        Kernels.recordGradients(false);
        try (Policy reference = policy(root, job.start());
                Policy policy = policy(root, checkpoint.step() == 0 ? job.start() : checkpoint.weights());
                AdamW optimiser = new AdamW(
                        policy.weights(),
                        job.trainable(),
                        kernels,
                        settings.descent().optimiser())) {
            checkpoint.restore(optimiser);
            journal.forgetAfter(standing.step == 0 ? -1 : standing.step);
            Trainer trainer = new Trainer(policy, reference, optimiser, standing);
            if (standing.step == 0) {
                ObjectNode line = journal.line(0, settings.steps());
                if (trainer.validate(line)) {
                    journal.add(line);
                    progress.accept(line);
                }
            }
            while (standing.step < settings.steps() && !standing.overBudget) {
                trainer.step();
                if (standing.step % settings.checkpointEvery() == 0
                        || standing.step == settings.steps()
                        || standing.overBudget) {
                    checkpoint.write(job.name(), policy.weights(), optimiser, standing.step, standing.numbers());
                }
            }
            return result(policy, standing);
        } finally {
            Kernels.recordGradients(false);
        }
    }

    private Policy policy(NDManager root, Map<String, Tensor> tensors) throws IOException {
        return new Policy(root, job.config(), job.tokenizer(), job.name(), tensors, kernels, job.tokens());
    }

    private Path bestFile() {
        return folder.resolve(job.name() + ".best.safetensors");
    }

    private Result result(Policy policy, Standing standing) throws IOException {
        Map<String, Tensor> last = policy.weights().tensors(false);
        return new Result(
                job.validation() == null ? last : SafeTensors.read(bestFile()),
                last,
                standing.step,
                job.validation() == null ? standing.step : standing.bestStep,
                standing.bestScore,
                standing.overBudget,
                standing.counters);
    }

    /** A run in progress. */
    private final class Trainer {
        private final Policy policy;
        private final Policy reference;
        private final AdamW optimiser;
        private final Standing standing;
        private final Rollouts rollouts;
        private final Advantages advantages;
        private final StepGradient gradient;

        Trainer(Policy policy, Policy reference, AdamW optimiser, Standing standing) {
            this.policy = policy;
            this.reference = reference;
            this.optimiser = optimiser;
            this.standing = standing;
            rollouts = new Rollouts(job.rewards(), settings.sampling());
            advantages = new Advantages(job.rewards(), settings.descent().orderWeight());
            gradient = new StepGradient(
                    policy,
                    reference,
                    kernels,
                    advantages,
                    settings.descent(),
                    settings.sampling().decoding());
        }

        void step() throws IOException {
            long start = System.nanoTime();
            Network.Work before = work();
            SplittableRandom random = new SplittableRandom(
                    settings.seed() ^ (job.name().hashCode() * 0x9E3779B97F4A7C15L + standing.step));
            List<Task> tasks = Stream.generate(() -> job.tasks().draw(random))
                    .limit(settings.sampling().clips())
                    .toList();
            List<Group> groups = rollouts.sample(policy, tasks, random.nextLong());
            List<Group> told = settings.descent().skipFlat()
                    ? groups.stream().filter(group -> !advantages.flat(group)).toList()
                    : groups;
            Measured measured =
                    gradient.add(told, tasks.size() * settings.sampling().group());
            double rate = settings.descent().rate(standing.step);
            ObjectNode line = journal.line(standing.step + 1, settings.steps());
            StepMetrics.samples(line, groups, job.rewards());
            count(groups);
            descend(line, measured, rate);
            standing.step++;
            report(line, work().minus(before));
            if (standing.step % settings.validateEvery() == 0
                    || standing.step == settings.steps()
                    || standing.overBudget) {
                validate(line);
            }
            journal.add(line);
            progress.accept(line.deepCopy().put("step_time", (System.nanoTime() - start) / 1e9));
        }

        /** Applies the gradient, or drops the step if the gradient is not finite or the KL is over budget. */
        private void descend(ObjectNode line, Measured measured, double rate) {
            line.put("loss", measured.loss());
            if (measured.completions() == 0) {
                return;
            }
            line.put("kl", measured.kl()).put("entropy", measured.entropy());
            if (measured.kl() > settings.budget().kl()) {
                policy.weights().zeroGradients();
                standing.counters = standing.counters.dropped(false, true);
                standing.overBudget = true;
                return;
            }
            float norm = optimiser.step(rate);
            standing.counters = standing.counters.dropped(!Float.isFinite(norm), false);
            line.put("grad_norm", norm).put("learning_rate", rate);
        }

        private void count(List<Group> groups) {
            long tokens = 0;
            long completions = 0;
            for (Group group : groups) {
                int prompt = policy.length(group.task());
                for (Rollout rollout : group.rollouts()) {
                    tokens += prompt + rollout.tokens().length;
                    completions++;
                }
            }
            long flat = groups.stream().filter(advantages::flat).count();
            standing.counters = standing.counters.sampled(tokens, completions, flat);
        }

        private Network.Work work() {
            return policy.network().work().plus(reference.network().work());
        }

        private void report(ObjectNode line, Network.Work work) {
            RunCounters counters = standing.counters;
            line.put("num_tokens", counters.tokens())
                    .put("skipped/flat_groups", counters.flatGroups())
                    .put("skipped/non_finite_steps", counters.nonFinite())
                    .put("skipped/over_budget_steps", counters.overBudget())
                    .put("work/vision_towers", work.visionTowers())
                    .put("work/audio_towers", work.audioTowers())
                    .put("work/prompts", work.prompts())
                    .put("work/scored_texts", work.continuations());
        }

        /** Scores the policy and keeps it if it is the best so far. */
        boolean validate(ObjectNode line) throws IOException {
            if (job.validation() == null) {
                return false;
            }
            Kernels.recordGradients(false);
            double score = job.validation().score(policy);
            line.put("validation", score);
            if (Double.isNaN(standing.bestScore) || score > standing.bestScore) {
                standing.bestScore = score;
                standing.bestStep = standing.step;
                SafeTensors.write(bestFile(), policy.weights().tensors(false), Map.of("stage", job.name()));
            }
            return true;
        }
    }
}
