package io.migr.model.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.engine.Kernels;
import io.migr.engine.SafeTensors;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.Weights;
import io.migr.model.explain.ExplanationGrammar;
import io.migr.model.explain.Prompt;
import io.migr.model.explain.Tokenizer;
import io.migr.model.network.Heads;
import io.migr.model.network.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A model with everything that belongs to it: a folder of {@code config.json}, {@code tokenizer.json} and
 * {@code model.safetensors}. Not thread-safe: it must be closed on the thread that uses it.
 */
public final class EmotionModel implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String TENSORS = "model.safetensors";

    private final EmotionModelConfig config;
    private final String version;
    private final NDManager manager;
    private final Weights weights;
    private final Kernels kernels;
    private final Tokenizer tokenizer;
    private final Network network;
    private final Heads heads;
    private final Prompt prompt;
    private final NDArray branches;

    private EmotionModel(
            EmotionModelConfig config, String version, NDManager manager, Weights weights, Tokenizer tokenizer) {
        this.config = config;
        this.version = version;
        this.manager = manager;
        this.weights = weights;
        this.tokenizer = tokenizer;
        kernels = new Kernels(manager);
        network = new Network(config.network(), weights, kernels);
        heads = new Heads(weights, kernels);
        prompt = new Prompt(tokenizer, config.prompt());
        try (NDManager scope = manager.newSubManager()) {
            // a constant instruction has constant branch weights
            branches = network.branchWeights(scope, instruction(scope, tokenizer, config.instruction()), null);
            branches.attach(manager);
        }
    }

    /** The instruction's ids, {@code [1,length]}. */
    public static NDArray instruction(NDManager scope, Tokenizer tokenizer, String instruction) {
        long[] ids = tokenizer.encode(instruction);
        return scope.create(ids, new Shape(1, ids.length));
    }

    /**
     * Loads a folder under the version that {@link #version(Path)} gives it.
     *
     * @param device {@code cpu}, {@code cuda} or {@code auto}, see {@link #device}
     * @throws IOException if a file is missing, truncated or does not match the configuration; the message names it and
     *     the problem
     */
    public static EmotionModel load(Path folder, String device) throws IOException {
        return load(folder, device, version(folder));
    }

    /** The version of a folder's weights: the model's name and the first 8 hex digits of their SHA-256. */
    public static String version(Path folder) throws IOException {
        return readConfig(folder).name() + "-" + digest(folder.resolve(TENSORS)).substring(0, 8);
    }

    /**
     * The configuration of the model in a folder.
     *
     * @throws IOException if a file is missing or the configuration is not one; the message names it and the problem
     */
    public static EmotionModelConfig readConfig(Path folder) throws IOException {
        refuseIncomplete(folder);
        return ModelConfigFile.read(folder.resolve(CONFIG));
    }

    private static void refuseIncomplete(Path folder) throws IOException {
        for (String file : List.of(CONFIG, TOKENIZER, TENSORS)) {
            if (!Files.isRegularFile(folder.resolve(file))) {
                throw new IOException("The model folder " + folder + " has no " + file
                        + ". A model is a folder of config.json, tokenizer.json and model.safetensors.");
            }
        }
    }

    /** As {@link #load(Path, String)}, under a version that the caller chooses, e.g. the one in the model store. */
    public static EmotionModel load(Path folder, String device, String version) throws IOException {
        EmotionModelConfig config = readConfig(folder);
        Kernels.recordGradients(false);
        NDManager manager = NDManager.newBaseManager(device(device));
        try {
            Tokenizer tokenizer = tokenizer(folder.resolve(TOKENIZER), config);
            Weights weights = Weights.load(
                    manager,
                    folder.resolve(TENSORS),
                    config.manifest(),
                    name -> Network.unused(config.network(), name));
            return new EmotionModel(config, version, manager, weights, tokenizer);
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /**
     * Reads every number of a folder's weights.
     *
     * @throws IOException if one is NaN or infinite, as after a training that diverged; the message names its tensor
     */
    public static void refuseNotFinite(Path folder) throws IOException {
        Path file = folder.resolve(TENSORS);
        for (Map.Entry<String, Tensor> entry : SafeTensors.read(file).entrySet()) {
            if (entry.getValue().type() == SafeTensors.Type.I64) {
                continue;
            }
            float[] values = entry.getValue().floats();
            for (int i = 0; i < values.length; i++) {
                if (!Float.isFinite(values[i])) {
                    throw new IOException(file + ": element " + i + " of tensor " + entry.getKey() + " is " + values[i]
                            + ". Import weights from before the training diverged.");
                }
            }
        }
    }

    /** Reads the tokenizer; it must have the grammar's tokens, and no id that the decoder has no row for. */
    private static Tokenizer tokenizer(Path file, EmotionModelConfig config) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(file);
        int vocabulary = config.network().decoder().vocabulary();
        if (tokenizer.size() > vocabulary) {
            throw new IOException(file + " has ids up to " + (tokenizer.size() - 1)
                    + ", but decoder_config.vocab_size of config.json is " + vocabulary
                    + ". Both must come from the same model.");
        }
        List<String> needed = new ArrayList<>(ExplanationGrammar.TAGS);
        needed.addAll(List.of(Tokenizer.END, "<pad>", "<unk>", "."));
        config.labels().forEach(label -> needed.add(label.word()));
        needed.removeIf(tokenizer::has);
        if (!needed.isEmpty()) {
            throw new IOException(file + " has no single token for " + String.join(", ", needed)
                    + ". An explanation is built of these tokens.");
        }
        return tokenizer;
    }

    /**
     * The device for a setting.
     *
     * @param name {@code cpu}, {@code cuda} or {@code auto}: the first CUDA device if there is one, otherwise the CPU
     * @throws IOException if {@code cuda} is requested and there is none, or for any other name
     */
    public static Device device(String name) throws IOException {
        int gpus = name.equals("cpu") ? 0 : ai.djl.engine.Engine.getInstance().getGpuCount();
        return switch (name) {
            case "cpu" -> Device.cpu();
            case "auto" -> gpus > 0 ? Device.gpu() : Device.cpu();
            case "cuda" -> {
                if (gpus == 0) {
                    throw new IOException("device=cuda was requested, but the engine finds no CUDA device. "
                            + "Use device=cpu, or provide libtorch with CUDA as docs/gpu.md describes.");
                }
                yield Device.gpu();
            }
            default -> throw new IOException("device is cpu, cuda or auto, not " + name + ".");
        };
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, sha).transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }

    /**
     * Writes a folder that {@link #load} reads.
     *
     * @param tensors as declared by the configuration
     * @param words the vocabulary of a word-level tokenizer
     */
    public static void write(Path folder, EmotionModelConfig config, Map<String, Tensor> tensors, List<String> words)
            throws IOException {
        writeConfig(folder, config);
        Tokenizer.writeWordLevel(folder.resolve(TOKENIZER), words);
        SafeTensors.write(folder.resolve(TENSORS), tensors, Map.of("format", "pt", "name", config.name()));
    }

    /**
     * Writes a folder that {@link #load} reads, with the tokenizer of another model.
     *
     * @param tensors as declared by the configuration
     * @param tokenizer the {@code tokenizer.json} to copy
     */
    public static void write(Path folder, EmotionModelConfig config, Map<String, Tensor> tensors, Path tokenizer)
            throws IOException {
        writeConfig(folder, config);
        Files.copy(tokenizer, folder.resolve(TOKENIZER), StandardCopyOption.REPLACE_EXISTING);
        SafeTensors.write(folder.resolve(TENSORS), tensors, Map.of("format", "pt", "name", config.name()));
    }

    private static void writeConfig(Path folder, EmotionModelConfig config) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve(CONFIG),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(ModelConfigFile.json(config)) + "\n");
    }

    public EmotionModelConfig config() {
        return config;
    }

    /** The version that results give, see {@link #version(Path)}. */
    public String version() {
        return version;
    }

    /** The memory scope that owns the tensors of this model. */
    public NDManager manager() {
        return manager;
    }

    public Network network() {
        return network;
    }

    public Heads heads() {
        return heads;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    public Prompt prompt() {
        return prompt;
    }

    public Kernels kernels() {
        return kernels;
    }

    /** The current values of all parameters. */
    public Map<String, Tensor> tensors() {
        return weights.tensors(false);
    }

    /** Branch weights of the instruction for {@code batch} clips, {@code [batch,3]}. */
    public NDArray branches(NDManager scope, int batch) {
        NDArray all = branches.repeat(0, batch);
        all.attach(scope);
        return all;
    }

    @Override
    public void close() {
        tokenizer.close();
        kernels.close();
        weights.close();
        manager.close();
    }
}
