package io.migr.trainer.run;

import io.migr.engine.AdamW;
import io.migr.engine.SafeTensors;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.Weights;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file from which a run resumes: weights, the optimiser's moments, the number of completed steps, and the run's own
 * counters. It is replaced atomically, so a run killed while saving finds the previous one.
 */
public final class Checkpoint {
    private static final String STEP = "run.step";
    private static final String WEIGHT = "w.";
    private static final String OPTIMISER = "o.";
    private static final String NUMBERS = "n.";

    private final Path file;
    private final Map<String, Tensor> saved;

    private Checkpoint(Path file, Map<String, Tensor> saved) {
        this.file = file;
        this.saved = saved;
    }

    /** Reads {@code file}; if it does not exist, the checkpoint is that of a run at step 0. */
    public static Checkpoint of(Path file) throws IOException {
        return new Checkpoint(file, Files.exists(file) ? SafeTensors.read(file) : Map.of());
    }

    /** Number of completed steps; 0 if nothing is saved. */
    public int step() {
        return saved.isEmpty() ? 0 : (int) saved.get(STEP).longs()[0];
    }

    /** The saved weights by name; empty if nothing is saved. */
    public Map<String, Tensor> weights() {
        return part(WEIGHT);
    }

    /** Restores the optimiser's moments if any are saved. */
    public void restore(AdamW optimiser) {
        if (step() > 0) {
            optimiser.restore(part(OPTIMISER));
        }
    }

    /** The numbers saved under a name, or {@code otherwise} if there are none. */
    public long[] numbers(String name, long... otherwise) {
        Tensor tensor = saved.get(NUMBERS + name);
        return tensor == null ? otherwise : tensor.longs();
    }

    private Map<String, Tensor> part(String prefix) {
        Map<String, Tensor> part = new LinkedHashMap<>();
        saved.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), tensor);
            }
        });
        return part;
    }

    /**
     * Saves a run to the file. The values that this object returns stay those it has read.
     *
     * @param stage name to put into the file's metadata
     * @param numbers the run's own counters by name, for {@link #numbers}
     */
    public void write(String stage, Weights weights, AdamW optimiser, int step, Map<String, long[]> numbers)
            throws IOException {
        Map<String, Tensor> all = new LinkedHashMap<>();
        weights.tensors(false).forEach((name, tensor) -> all.put(WEIGHT + name, tensor));
        optimiser.state().forEach((name, tensor) -> all.put(OPTIMISER + name, tensor));
        all.put(STEP, Tensor.of(new long[] {step}, 1));
        new TreeMap<>(numbers).forEach((name, values) -> all.put(NUMBERS + name, Tensor.of(values, values.length)));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        SafeTensors.write(next, all, Map.of("stage", stage));
        try {
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
