package io.migr.trainer.grpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.model.EmotionModelConfig;
import io.migr.model.GroupGenerator;
import io.migr.model.Network;
import io.migr.model.Prompt;
import io.migr.model.SharedPrompt;
import io.migr.model.Splice;
import io.migr.model.Tokenizer;
import io.migr.model.engine.Kernels;
import io.migr.model.engine.SafeTensors.Tensor;
import io.migr.model.engine.Weights;
import io.migr.model.generate.Generated;
import io.migr.model.generate.Sampling;
import io.migr.model.generate.TokenConstraint;
import io.migr.trainer.reward.Completion;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A network that is asked to explain clips, with its own weights: the policy under training, or its reference. */
public final class Policy implements AutoCloseable {
    /** The decoder's parameters, for {@link CachedTokens}. */
    public static final Predicate<String> DECODER = name -> name.startsWith("model.layers.")
            || name.equals("model.embed_tokens.weight")
            || name.equals("model.norm.weight")
            || name.equals("lm_head.weight");

    /** The decoder's, both projectors' and the gate's parameters, for {@link ProjectedTokens}. */
    public static final Predicate<String> DECODER_AND_PROJECTORS =
            DECODER.or(name -> name.startsWith("model.mm_projector.")
                    || name.startsWith("model.audio_projector.")
                    || name.startsWith("model.bert_gate."));

    private final Weights weights;
    private final EmotionModelConfig config;
    private final Tokenizer tokenizer;
    private final Kernels kernels;
    private final Network network;
    private final Prompt prompt;
    private final CompletionReader reader;
    private final GroupGenerator generator;
    private final ClipTokens tokens;

    /**
     * Takes weights into memory of its own.
     *
     * @param origin where they come from, for errors
     * @throws IOException lists what does not fit the configuration
     */
    public Policy(
            NDManager root,
            EmotionModelConfig config,
            Tokenizer tokenizer,
            String origin,
            Map<String, Tensor> tensors,
            Kernels kernels,
            ClipTokens tokens)
            throws IOException {
        this(Weights.of(root, origin, tensors, config.manifest(), name -> false), config, tokenizer, kernels, tokens);
    }

    /** Asks weights as they stand; closing this closes them. */
    public Policy(Weights weights, EmotionModelConfig config, Tokenizer tokenizer, Kernels kernels, ClipTokens tokens) {
        this.weights = weights;
        this.config = config;
        this.tokenizer = tokenizer;
        this.kernels = kernels;
        network = new Network(config.network(), weights, kernels);
        prompt = new Prompt(tokenizer, config.prompt());
        reader = new CompletionReader(config, tokenizer);
        generator = new GroupGenerator(network, reader.endToken());
        this.tokens = tokens;
    }

    public Weights weights() {
        return weights;
    }

    /** The same weights, asked about other clips. */
    public Policy about(ClipTokens others) {
        return new Policy(weights, config, tokenizer, kernels, others);
    }

    public Network network() {
        return network;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    CompletionReader reader() {
        return reader;
    }

    /** Tokens of a task's prompt. */
    int length(Task task) {
        int length = 0;
        for (long id : prompt.ids(task.video(), task.audio())) {
            length += id == Splice.VIDEO
                    ? tokens.video(network.config())
                    : id == Splice.AUDIO ? tokens.audio(network.config()) : 1;
        }
        return length;
    }

    /** Runs the prompts of tasks, once each; under autograd where the thread records gradients. */
    public SharedPrompt prompts(NDManager scope, List<Task> tasks) throws IOException {
        ClipTokens.Tokens seen =
                tokens.of(scope, network, tasks.stream().mapToInt(Task::clip).toArray());
        Network.Config config = network.config();
        Splice splice = Splice.of(
                tasks.stream()
                        .map(task -> prompt.ids(task.video(), task.audio()))
                        .toList(),
                null,
                tokens.video(config),
                tokens.audio(config),
                true);
        NDArray embeddings = network.embed(scope, splice, seen.video(), seen.audio());
        return SharedPrompt.of(scope, network.decoder(), embeddings, splice.attentionOrNull());
    }

    /**
     * Mean cross-entropy of several texts per task over one run of its prompt: supervised learning from K texts a clip
     * at little more than the price of one.
     *
     * @param texts ids with the end token, as many for every task, those of one task side by side
     */
    public NDArray loss(NDManager scope, List<Task> tasks, List<int[]> texts) throws IOException {
        return prompts(scope, tasks).loss(scope, texts);
    }

    /**
     * Decodes {@code group} texts for each task.
     *
     * @param sampling with its seed a text's place in the batch decides every draw
     */
    List<Generated> generate(List<Task> tasks, int group, Decoding decoding, Sampling sampling, int limit)
            throws IOException {
        Kernels.recordGradients(false);
        int texts = tasks.size() * group;
        List<TokenConstraint> constraints =
                Stream.generate(() -> reader.constraint(decoding)).limit(texts).toList();
        try (NDManager scope = weights.manager().newSubManager()) {
            return generator.generate(
                    scope,
                    prompts(scope, tasks),
                    group,
                    constraints,
                    IntStream.range(0, texts).asLongStream().toArray(),
                    limit,
                    sampling);
        }
    }

    /** One completion of each task, for validation. */
    public List<Completion> complete(List<Task> tasks, Decoding decoding, Sampling sampling, int limit)
            throws IOException {
        return generate(tasks, 1, decoding, sampling, limit).stream()
                .map(reader::completion)
                .toList();
    }

    @Override
    public void close() {
        weights.close();
    }
}
