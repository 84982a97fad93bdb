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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A model with everything that belongs to it: a folder of {@code config.json}, {@code tokenizer.json} and
 * {@code model.safetensors}. Not thread-safe; whoever uses it closes it, on the same thread.
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
     * @param device {@code cpu}, {@code cuda} (fails where there is none) or {@code auto}
     * @throws IOException says which file is missing, cut or does not fit, and how
     */
    public static EmotionModel load(Path folder, String device) throws IOException {
        return load(folder, device, version(folder));
    }

    /** The version of a folder's weights: the model's name and the head of their SHA-256. */
    public static String version(Path folder) throws IOException {
        refuseIncomplete(folder);
        return ModelConfigFile.read(folder.resolve(CONFIG)).name() + "-"
                + digest(folder.resolve(TENSORS)).substring(0, 8);
    }

    private static void refuseIncomplete(Path folder) throws IOException {
        for (String file : List.of(CONFIG, TOKENIZER, TENSORS)) {
            if (!Files.isRegularFile(folder.resolve(file))) {
                throw new IOException("The model folder " + folder + " has no " + file
                        + ". A model is a folder of config.json, tokenizer.json and model.safetensors.");
            }
        }
    }

    /** As {@link #load(Path, String)}, under the version that somebody else gave it. */
    public static EmotionModel load(Path folder, String device, String version) throws IOException {
        refuseIncomplete(folder);
        Kernels.recordGradients(false);
        EmotionModelConfig config = ModelConfigFile.read(folder.resolve(CONFIG));
        NDManager manager = NDManager.newBaseManager(device(device));
        try {
            Tokenizer tokenizer = Tokenizer.load(folder.resolve(TOKENIZER));
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
     * The device of a name.
     *
     * @param name {@code cpu}, {@code cuda} or {@code auto}
     * @throws IOException where {@code cuda} is asked for and there is none
     */
    public static Device device(String name) throws IOException {
        int gpus = name.equals("cpu") ? 0 : ai.djl.engine.Engine.getInstance().getGpuCount();
        return switch (name) {
            case "cpu" -> Device.cpu();
            case "auto" -> gpus > 0 ? Device.gpu() : Device.cpu();
            case "cuda" -> {
                if (gpus == 0) {
                    throw new IOException("device=cuda was asked for, but the engine sees no CUDA device. "
                            + "Use device=cpu, or supply libtorch with CUDA as docs/gpu.md says.");
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
     * The same with the words of another model.
     *
     * @param tokenizer its {@code tokenizer.json}
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

    /** What results name it by. */
    public String version() {
        return version;
    }

    /** The scope that everything of this model lives in. */
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

    /** All parameters as they stand. */
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
