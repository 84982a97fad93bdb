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
     * @param validation selects the policy to keep; null to keep the last one
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
     * @param bestStep the step after which the best policy was reached; 0 if no step surpassed the start
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
    private static final class RunState {
        private int step;
        private int bestStep;
        private double bestScore = Double.NaN;
        private boolean overBudget;
        private RunCounters counters = RunCounters.NONE;

        static RunState of(Checkpoint checkpoint) {
            RunState state = new RunState();
            state.step = checkpoint.step();
            state.counters = RunCounters.of(checkpoint.numbers("counters", RunCounters.NONE.saved()));
            long[] best = checkpoint.numbers("best", 0, Double.doubleToLongBits(Double.NaN), 0);
            state.bestStep = (int) best[0];
            state.bestScore = Double.longBitsToDouble(best[1]);
            state.overBudget = best[2] == 1;
            return state;
        }

        Map<String, long[]> numbers() {
            long[] best = {bestStep, Double.doubleToLongBits(bestScore), overBudget ? 1 : 0};
            return Map.of("counters", counters.saved(), "best", best);
        }
    }

    /**
     * Trains from the last checkpoint to the last step, or until the KL budget is exceeded. A finished run is only
     * read.
     *
     * @param root owns the tensors of the run
     */
    public Result run(NDManager root) throws IOException {
        Files.createDirectories(folder);
        Checkpoint checkpoint = Checkpoint.of(folder.resolve(job.name() + ".checkpoint"));
        RunState state = RunState.of(checkpoint);
        Kernels.recordGradients(false);
        try (Policy reference = policy(root, job.start());
                Policy policy = policy(root, checkpoint.step() == 0 ? job.start() : checkpoint.weights());
                AdamW optimiser = new AdamW(
                        policy.weights(),
                        job.trainable(),
                        kernels,
                        settings.descent().optimiser())) {
            checkpoint.restore(optimiser);
            journal.removeAfter(state.step == 0 ? -1 : state.step);
            Trainer trainer = new Trainer(policy, reference, optimiser, state);
            if (state.step == 0) {
                ObjectNode line = journal.line(0, settings.steps());
                if (trainer.validate(line)) {
                    journal.add(line);
                    progress.accept(line);
                }
            }
            while (state.step < settings.steps() && !state.overBudget) {
                trainer.step();
                if (state.step % settings.checkpointEvery() == 0
                        || state.step == settings.steps()
                        || state.overBudget) {
                    checkpoint.write(job.name(), policy.weights(), optimiser, state.step, state.numbers());
                }
            }
            return result(policy, state);
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

    private Result result(Policy policy, RunState state) throws IOException {
        Map<String, Tensor> last = policy.weights().tensors(false);
        return new Result(
                job.validation() == null ? last : SafeTensors.read(bestFile()),
                last,
                state.step,
                job.validation() == null ? state.step : state.bestStep,
                state.bestScore,
                state.overBudget,
                state.counters);
    }

    /** A run in progress. */
    private final class Trainer {
        private final Policy policy;
        private final Policy reference;
        private final AdamW optimiser;
        private final RunState state;
        private final Rollouts rollouts;
        private final Advantages advantages;
        private final StepGradient gradient;

        Trainer(Policy policy, Policy reference, AdamW optimiser, RunState state) {
            this.policy = policy;
            this.reference = reference;
            this.optimiser = optimiser;
            this.state = state;
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
            SplittableRandom random =
                    new SplittableRandom(settings.seed() ^ (job.name().hashCode() * 0x9E3779B97F4A7C15L + state.step));
            List<Task> tasks = Stream.generate(() -> job.tasks().draw(random))
                    .limit(settings.sampling().clips())
                    .toList();
            List<Group> groups = rollouts.sample(policy, tasks, random.nextLong());
            List<Group> informative = settings.descent().skipFlat()
                    ? groups.stream().filter(group -> !advantages.flat(group)).toList()
                    : groups;
            Measured measured =
                    gradient.add(informative, tasks.size() * settings.sampling().group());
            double rate = settings.descent().rate(state.step);
            ObjectNode line = journal.line(state.step + 1, settings.steps());
            StepMetrics.samples(line, groups, job.rewards());
            count(groups);
            descend(line, measured, rate);
            state.step++;
            report(line, work().minus(before));
            if (state.step % settings.validateEvery() == 0 || state.step == settings.steps() || state.overBudget) {
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
                state.counters = state.counters.plusDropped(false, true);
                state.overBudget = true;
                return;
            }
            float norm = optimiser.step(rate);
            state.counters = state.counters.plusDropped(!Float.isFinite(norm), false);
            line.put("grad_norm", norm).put("learning_rate", rate);
        }

        private void count(List<Group> groups) {
            long tokens = 0;
            long completions = 0;
            for (Group group : groups) {
                int prompt = policy.promptLength(group.task());
                for (Rollout rollout : group.rollouts()) {
                    tokens += prompt + rollout.tokens().length;
                    completions++;
                }
            }
            long flat = groups.stream().filter(advantages::flat).count();
            state.counters = state.counters.plusSampled(tokens, completions, flat);
        }

        private Network.Work work() {
            return policy.network().work().plus(reference.network().work());
        }

        private void report(ObjectNode line, Network.Work work) {
            RunCounters counters = state.counters;
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
            if (Double.isNaN(state.bestScore) || score > state.bestScore) {
                state.bestScore = score;
                state.bestStep = state.step;
                SafeTensors.write(bestFile(), policy.weights().tensors(false), Map.of("stage", job.name()));
            }
            return true;
        }
    }
}
