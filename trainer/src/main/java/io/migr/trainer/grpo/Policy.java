package io.migr.trainer.grpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernels;
import io.migr.engine.SafeTensors.Tensor;
import io.migr.engine.Weights;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.decode.Generated;
import io.migr.model.decode.GroupGenerator;
import io.migr.model.decode.Sampling;
import io.migr.model.decode.SharedPrompt;
import io.migr.model.decode.TokenConstraint;
import io.migr.model.explain.Prompt;
import io.migr.model.explain.Tokenizer;
import io.migr.model.network.Network;
import io.migr.model.network.TokenSplice;
import io.migr.trainer.reward.Completion;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A network that explains clips, with its own weights: the policy being trained, or its reference. */
public final class Policy implements AutoCloseable {
    /** The decoder's parameters, for {@link CachedTokens}. */
    public static final Predicate<String> DECODER = name -> name.startsWith("model.layers.")
            || name.equals("model.embed_tokens.weight")
            || name.equals("model.norm.weight")
            || name.equals("lm_head.weight");

    /** The parameters of the decoder, both projectors and the text gate, for {@link ProjectedTokens}. */
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
     * Creates a policy with its own copy of the weights.
     *
     * @param origin where the weights come from, for error messages
     * @throws IOException if weights do not fit the configuration; the message lists them
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

    /** Uses the given weights without copying them; closing the policy closes them. */
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

    /** A policy with the same weights whose tasks are about other clips. Closing either closes the weights. */
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

    /** Number of tokens of a task's prompt. */
    int promptLength(Task task) {
        int length = 0;
        for (long id : prompt.ids(task.video(), task.audio())) {
            length += id == TokenSplice.VIDEO
                    ? tokens.video(network.config())
                    : id == TokenSplice.AUDIO ? tokens.audio(network.config()) : 1;
        }
        return length;
    }

    /** Runs the prompt of each task once; under autograd if the thread records gradients. */
    public SharedPrompt prompts(NDManager scope, List<Task> tasks) throws IOException {
        ClipTokens.Tokens seen =
                tokens.of(scope, network, tasks.stream().mapToInt(Task::clip).toArray());
        Network.Config config = network.config();
        TokenSplice splice = TokenSplice.of(
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
     * Mean cross-entropy of several texts per task, for supervised learning. The prompt is run once for all texts of a
     * task, so K texts cost little more than one.
     *
     * @param texts ids with the end token; the same number of texts for every task, those of one task next to each
     *     other
     */
    public NDArray loss(NDManager scope, List<Task> tasks, List<int[]> texts) throws IOException {
        return prompts(scope, tasks).loss(scope, texts);
    }

    /**
     * Decodes {@code group} texts for each task.
     *
     * @param sampling its seed and a text's position in the batch determine every draw
     * @param limit largest number of tokens of a text
     * @return the texts, task by task
     */
    public List<Generated> generate(List<Task> tasks, int group, RolloutDecoding decoding, Sampling sampling, int limit)
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

    /** Samples one completion for each task, for validation. */
    public List<Completion> complete(List<Task> tasks, RolloutDecoding decoding, Sampling sampling, int limit)
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
