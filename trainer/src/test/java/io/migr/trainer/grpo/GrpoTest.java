package io.migr.trainer.grpo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.engine.AdamW;
import io.migr.engine.Kernels;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.model.decode.Sampling;
import io.migr.trainer.grpo.GrpoSettings.Budget;
import io.migr.trainer.grpo.GrpoSettings.Descent;
import io.migr.trainer.reward.Completion;
import io.migr.trainer.reward.Reward;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Complete runs on {@link Toy}. */
@Tag("slow")
final class GrpoTest {
    private static NDManager root;
    private static Kernels kernels;
    private static Toy toy;
    private static Map<String, Tensor> trained;

    @TempDir
    Path folder;

    @BeforeAll
    static void train() throws IOException {
        root = NDManager.newBaseManager("PyTorch");
        kernels = new Kernels(root);
        toy = new Toy();
        trained = toy.train(root, kernels, 150);
    }

    @AfterAll
    static void close() {
        toy.close();
        root.close();
        Kernels.recordGradients(true);
    }

    private static GrpoSettings settings(int steps, double beta, Budget budget) {
        return new GrpoSettings(
                steps,
                7,
                new GrpoSettings.Sampling(4, 6, 30, RolloutDecoding.FREE),
                new Descent(2e-3, 2, beta, 2, 4, true, new AdamW.Settings(0, 0.9, 0.999, 1e-8, 1.0)),
                budget,
                2,
                3);
    }

    private Grpo grpo(String name, GrpoSettings settings, PolicyValidation validation, Consumer<ObjectNode> progress) {
        List<Reward> rewards = List.of(ToyRewards.order(), ToyRewards.answer());
        Grpo.Job job = new Grpo.Job(
                name, toy.config, toy.tokenizer, trained, Policy.DECODER, rewards, Toy::draw, toy.tokens, validation);
        return new Grpo(job, settings, folder.resolve(name), kernels, progress);
    }

    /** Share of greedy completions that earn the order reward. */
    private static double orderRight(Policy policy) throws IOException {
        List<Task> tasks = IntStream.range(2_000, 2_020).mapToObj(Toy::task).toList();
        List<Completion> completions = policy.complete(tasks, RolloutDecoding.FREE, Sampling.GREEDY, 30);
        double right = 0;
        for (int i = 0; i < tasks.size(); i++) {
            right += ToyRewards.order().of(tasks.get(i).target(), completions.get(i)) / tasks.size();
        }
        return right;
    }

    @Test
    void fiftyStepsRaiseTheOrderRewardAndLeakNoArrays() throws IOException {
        List<ObjectNode> lines = new ArrayList<>();
        Set<Integer> arrays = new HashSet<>();
        Set<Integer> owned = new HashSet<>();
        PolicyValidation validation = policy -> {
            arrays.add(root.getManagedArrays().size());
            owned.add(policy.weights().manager().getManagedArrays().size());
            return orderRight(policy);
        };
        Grpo.Result result = grpo("mechanics", settings(50, 0.04, Budget.NONE), validation, lines::add)
                .run(root);
        lines.remove(0);
        double first = mean(lines.subList(0, 5), "rewards/order/mean");
        double last = mean(lines.subList(40, 50), "rewards/order/mean");
        assertTrue(last > first + 0.2, "order reward rose from " + first + " to " + last);
        lines.forEach(line -> assertTrue(Double.isFinite(line.path("loss").asDouble(Double.NaN)), line.toString()));
        assertEquals(1, arrays.size(), "arrays of the engine's root " + arrays);
        assertEquals(1, owned.size(), "arrays of the policy " + owned);
        assertTrue(result.bestScore() > 0.8, "validation " + result.bestScore());
        // four clips a step: one prompt run each for the samples, and for policy and reference unless the group is flat
        lines.forEach(line -> {
            assertTrue(line.path("work/prompts").asInt() <= 3 * 4, line.toString());
            assertEquals(0, line.path("work/vision_towers").asInt());
        });
    }

    private static double mean(List<ObjectNode> lines, String field) {
        return lines.stream()
                .mapToDouble(line -> line.path(field).asDouble(Double.NaN))
                .average()
                .orElseThrow();
    }

    @Test
    void aKilledAndResumedRunEqualsAnUninterruptedOne() throws IOException {
        GrpoSettings settings = settings(7, 0.04, Budget.NONE);
        Grpo.Result whole =
                grpo("a", settings, GrpoTest::orderRight, line -> {}).run(root);
        Consumer<ObjectNode> killer = line -> {
            if (line.path("step").asInt() == 5) {
                throw new IllegalStateException("killed");
            }
        };
        // the run's name determines its random numbers, so the other folder uses the same name
        Files.move(folder.resolve("a"), folder.resolve("whole"));
        assertThrows(IllegalStateException.class, () -> grpo("a", settings, GrpoTest::orderRight, killer)
                .run(root));
        Grpo.Result resumed =
                grpo("a", settings, GrpoTest::orderRight, line -> {}).run(root);
        assertEquals(Toy.bits(whole.last()), Toy.bits(resumed.last()));
        assertEquals(Toy.bits(whole.best()), Toy.bits(resumed.best()));
        assertEquals(whole.counters(), resumed.counters());
        assertEquals(
                Files.readString(folder.resolve("whole/metrics.jsonl")),
                Files.readString(folder.resolve("a/metrics.jsonl")));
        // a finished run is only read, not continued
        assertEquals(
                Toy.bits(whole.last()),
                Toy.bits(grpo("a", settings, GrpoTest::orderRight, killer)
                        .run(root)
                        .last()));
        assertNotEquals(Toy.bits(trained), Toy.bits(whole.last()));
    }

    @Test
    void theSameSeedGivesTheSameBytes() throws IOException {
        GrpoSettings settings = settings(2, 0.04, Budget.NONE);
        Grpo.Result once = grpo("b", settings, null, line -> {}).run(root);
        Files.move(folder.resolve("b"), folder.resolve("once"));
        Grpo.Result again = grpo("b", settings, null, line -> {}).run(root);
        assertEquals(Toy.bits(once.last()), Toy.bits(again.last()));
        assertEquals(
                -1,
                Files.mismatch(folder.resolve("once/b.checkpoint"), folder.resolve("b/b.checkpoint")),
                "checkpoints differ");
    }

    @Test
    void theKlBudgetEndsTheRun() throws IOException {
        Grpo.Result result = grpo("stop", settings(20, 0.04, new Budget(1e-6)), null, line -> {})
                .run(root);
        assertTrue(result.overBudget());
        assertTrue(result.steps() >= 2 && result.steps() < 20, "ended after " + result.steps());
        assertEquals(1, result.counters().overBudget());
        assertTrue(grpo("stop", settings(20, 0.04, new Budget(1e-6)), null, line -> {})
                .run(root)
                .overBudget());
    }

    @Test
    void aStepOverTheKlBudgetChangesNothing() throws IOException {
        Grpo.Result result = grpo("over", settings(4, 0.04, new Budget(-1)), null, line -> {})
                .run(root);
        assertEquals(1, result.steps());
        assertEquals(1, result.counters().overBudget());
        assertEquals(Toy.bits(trained), Toy.bits(result.last()));
    }

    @Test
    void aGradientThatIsNotFiniteChangesNothing() throws IOException {
        // at the start KL is 0, and 0 times infinity is NaN
        Grpo.Result result = grpo("broken", settings(2, Double.POSITIVE_INFINITY, Budget.NONE), null, line -> {})
                .run(root);
        assertEquals(2, result.counters().nonFinite());
        assertEquals(Toy.bits(trained), Toy.bits(result.last()));
    }

    @Test
    void aPolicyThatDoesNotImproveKeepsTheStartAsBest() throws IOException {
        Grpo.Result result = grpo("worse", settings(3, 0.04, Budget.NONE), policy -> 1, line -> {})
                .run(root);
        assertEquals(0, result.bestStep());
        assertEquals(Toy.bits(trained), Toy.bits(result.best()));
    }
}
