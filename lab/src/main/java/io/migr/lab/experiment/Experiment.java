package io.migr.lab.experiment;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.corpus.Split;
import io.migr.engine.Kernels;
import io.migr.engine.Kernels.Precision;
import io.migr.lab.experiment.Plan.Perception;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.verify.CachedVerifier;
import io.migr.model.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Runs a plan: for each seed and arm, trains and evaluates what is not done yet. If it is killed, the next run
 * continues from the last checkpoint of the interrupted arm. Within a seed all arms start from the same fresh decoder,
 * see the same clips with the same noise, and are tested on the same clips with the same decoding. Processes may share
 * the seeds of one plan, and the arms of a seed; no two may train the same arm.
 *
 * <pre>
 * folder/plan.yaml                      the plan
 * folder/ceilings.json                  highest possible order accuracy, by what the order is chosen from
 * folder/outcomes/ARM-SEED-T.jsonl.gz   the explanation of each test clip, and what each judge finds in it
 * folder/runs/SEED/metrics.jsonl        losses and rewards of all arms
 * folder/runs/SEED/ARM.safetensors      the trained decoders
 * folder/runs/SEED/cost.jsonl           duration of each part in seconds
 * </pre>
 */
public final class Experiment {
    /** Number of sentences cached, because text from templates repeats its sentences. */
    private static final int SENTENCES = 50_000;

    private final Plan plan;
    private final EmotionModel base;
    private final Path folder;
    private final Path material;
    private final boolean bfloat;
    private final Consumer<String> progress;

    /**
     * Creates an experiment that has not started; see {@link #run}.
     *
     * @param base model whose towers and projectors are used; its decoder is not
     * @param folder folder of outcomes and checkpoints
     * @param material folder of rendered and encoded clips, which other experiments may share
     * @param bfloat whether to multiply matrices in bfloat16
     * @param progress receives progress lines
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
        String name =
                String.format(Locale.ROOT, "%s-%d-%s.jsonl.gz", arm, seed, temperature == 0 ? "greedy" : temperature);
        return folder.resolve("outcomes").resolve(name);
    }

    /** What all arms of a run share: plan, base model, clips, orders, and the engine's resources. */
    record Setup(
            Plan plan,
            EmotionModel base,
            EncodedClips clips,
            BlockOrders orders,
            NDManager root,
            Kernels kernels,
            CachedVerifier verifier,
            Consumer<String> progress) {}

    private interface Work {
        void run(Setup setup) throws IOException;
    }

    /**
     * Trains and evaluates what is not done yet of some of the plan's seeds and arms.
     *
     * @param arms names of arms; an arm that they start from but that is not listed is trained, but not evaluated
     * @param file the plan's file, of which the folder keeps a copy
     * @throws IllegalArgumentException if the folder contains runs of another plan or base model
     */
    public void run(List<Long> seeds, Collection<String> arms, Path file) throws IOException {
        claimFolder(file);
        withSetup(plan, setup -> {
            writeCeilings(setup);
            ExplanationLog log = new ExplanationLog(setup.base());
            for (long seed : seeds) {
                for (String arm : plan.arms().keySet()) {
                    if (!arms.contains(arm) || !plan.runs(arm, seed)) {
                        continue;
                    }
                    ArmRun run = new ArmRun(setup, arm, seed, folder);
                    for (double temperature : plan.temperatures()) {
                        run.evaluate(log, temperature, outcomes(folder, arm, seed, temperature));
                    }
                }
            }
        });
    }

    /**
     * Trains the first arm with different noise levels, on a seed outside the plan, to find the noise that gives the
     * wanted accuracy.
     *
     * @param noises noise levels to try, each for both modalities; see {@link Plan.Perception}
     * @return share of validation clips answered correctly, by noise level
     */
    public Map<Double, Double> calibrate(List<Double> noises) throws IOException {
        Map<Double, Double> accuracies = new TreeMap<>();
        long seed = plan.seeds().stream().mapToLong(one -> one).max().orElseThrow() + 1;
        String first = plan.arms().keySet().iterator().next();
        for (double noise : noises) {
            Perception perception = plan.perception().noisy(noise, noise);
            withSetup(plan.with(perception), setup -> {
                Path trial = folder.resolve("calibration").resolve(String.valueOf(noise));
                accuracies.put(noise, new ArmRun(setup, first, seed, trial).validationAccuracy());
            });
        }
        return accuracies;
    }

    private void writeCeilings(Setup setup) throws IOException {
        Path file = folder.resolve("ceilings.json");
        if (!Files.exists(file)) {
            ObjectNode ceilings = JsonNodeFactory.instance.objectNode();
            for (BlockOrders.Knowledge knowledge : BlockOrders.Knowledge.values()) {
                ceilings.put(
                        knowledge.name().toLowerCase(Locale.ROOT),
                        setup.orders().ceiling(setup.clips().of(Split.TEST), knowledge));
            }
            write(file, ceilings.toPrettyString());
        }
    }

    /** Replaces the file atomically, because other processes may be reading it. */
    private void write(Path file, String text) throws IOException {
        Path next = Files.createTempFile(folder, file.getFileName().toString(), ".next");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Checks that earlier runs in the folder belong to this plan and base model, and records both. */
    private void claimFolder(Path file) throws IOException {
        Path kept = folder.resolve("plan.yaml");
        Path model = folder.resolve("base.txt");
        if (Files.exists(kept)) {
            plan.requireSameRuns(Plan.read(kept));
        }
        if (Files.exists(model) && !Files.readString(model).equals(base.version())) {
            throw new IllegalArgumentException("The folder " + folder + " contains runs on the base "
                    + Files.readString(model) + ", not " + base.version() + ". Give another folder.");
        }
        Files.createDirectories(folder);
        write(kept, Files.readString(file));
        write(model, base.version());
    }

    private void withSetup(Plan used, Work work) throws IOException {
        Files.createDirectories(folder.resolve("outcomes"));
        Kernels.recordGradients(false);
        try (EncodedClips clips = new EncodedClips(used, base, material, progress);
                NDManager root = NDManager.newBaseManager(base.network().device());
                Kernels kernels = new Kernels(root, Precision.of(bfloat));
                Verifier verifier = Verifier.shipped()) {
            BlockOrders orders = new BlockOrders(base, clips::of);
            CachedVerifier cached = new CachedVerifier(verifier, SENTENCES);
            work.run(new Setup(used, base, clips, orders, root, kernels, cached, progress));
        }
    }
}
