package io.migr.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.engine.Kernels;
import io.migr.engine.TensorOperations;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.engine.Weights.Start;
import java.util.LinkedHashMap;
import java.util.Map;

/** A BERT encoder over the instruction and the gate that turns its first token into three branch weights. */
public final class TextGate {
    private static final String BERT = "model.bert_model.";
    private static final String[] LAYER = {
        "attention.self.query.weight", "attention.self.query.bias",
        "attention.self.key.weight", "attention.self.key.bias",
        "attention.self.value.weight", "attention.self.value.bias",
        "attention.output.dense.weight", "attention.output.dense.bias",
        "attention.output.LayerNorm.weight", "attention.output.LayerNorm.bias",
        "intermediate.dense.weight", "intermediate.dense.bias",
        "output.dense.weight", "output.dense.bias",
        "output.LayerNorm.weight", "output.LayerNorm.bias"
    };

    /** Sizes in Hugging Face's terms; {@code gate} is the inner width of the gate, 3584 upstream. */
    public record Config(
            int vocabulary,
            int hidden,
            int layers,
            int heads,
            int intermediate,
            int positions,
            double epsilon,
            int gate) {}

    private final Config config;
    private final Kernels kernels;
    private final NDArray[] embed;
    private final NDArray[][] layers;
    private final NDArray[] gate;

    public TextGate(Config config, Weights weights, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        embed = weights.list(
                BERT + "embeddings.",
                "word_embeddings.weight",
                "position_embeddings.weight",
                "token_type_embeddings.weight",
                "LayerNorm.weight",
                "LayerNorm.bias");
        layers = new NDArray[config.layers()][];
        for (int i = 0; i < layers.length; i++) {
            layers[i] = weights.list(BERT + "encoder.layer." + i + ".", LAYER);
        }
        gate = weights.list("model.bert_gate.", "0.weight", "0.bias", "2.weight", "2.bias");
    }

    /** The names, shapes and initialisation of the parameters. */
    public static Map<String, Declaration> manifest(Config c) {
        Map<String, Declaration> all = new LinkedHashMap<>();
        all.put(BERT + "embeddings.word_embeddings.weight", new Declaration(Start.SMALL, c.vocabulary(), c.hidden()));
        all.put(
                BERT + "embeddings.position_embeddings.weight",
                new Declaration(Start.SMALL, c.positions(), c.hidden()));
        all.put(BERT + "embeddings.token_type_embeddings.weight", new Declaration(Start.SMALL, 2, c.hidden()));
        all.put(BERT + "embeddings.LayerNorm.weight", new Declaration(Start.ONES, c.hidden()));
        all.put(BERT + "embeddings.LayerNorm.bias", new Declaration(Start.ZEROS, c.hidden()));
        for (int i = 0; i < c.layers(); i++) {
            for (String name : LAYER) {
                boolean up = name.startsWith("intermediate");
                boolean down = name.startsWith("output.dense");
                long out = up ? c.intermediate() : c.hidden();
                Declaration declared = name.endsWith("bias")
                        ? new Declaration(Start.ZEROS, out)
                        : name.contains("LayerNorm")
                                ? new Declaration(Start.ONES, out)
                                : new Declaration(Start.FAN_IN, out, down ? c.intermediate() : c.hidden());
                all.put(BERT + "encoder.layer." + i + "." + name, declared);
            }
        }
        all.put("model.bert_gate.0.weight", new Declaration(Start.FAN_IN, c.gate(), c.hidden()));
        all.put("model.bert_gate.0.bias", new Declaration(Start.ZEROS, c.gate()));
        all.put("model.bert_gate.2.weight", new Declaration(Start.SMALL, 3, c.gate()));
        all.put("model.bert_gate.2.bias", new Declaration(Start.ZEROS, 3));
        return all;
    }

    /** Checkpoint tensors that are never used: the pooler and the position numbers. */
    static boolean unused(String name) {
        return name.startsWith(BERT + "pooler.") || name.equals(BERT + "embeddings.position_ids");
    }

    /**
     * Hidden states after {@code depth} layers.
     *
     * @param ids {@code [B,T]}
     * @param types {@code [B,T]}
     * @param attention {@code [B][T]}, true where real; null: no padding
     */
    NDArray hidden(NDManager scope, NDArray ids, NDArray types, boolean[][] attention, int depth) {
        int batch = (int) ids.getShape().get(0);
        int length = (int) ids.getShape().get(1);
        float[] additive = new float[batch * length];
        for (int i = 0; i < additive.length; i++) {
            additive[i] = attention == null || attention[i / length][i % length] ? 0f : -1e9f;
        }
        NDArray mask = scope.create(additive, new Shape(batch, 1, 1, length));
        NDArray x = BertLayers.embed(kernels, scope, ids, types, embed, config.epsilon());
        for (int i = 0; i < depth; i++) {
            x = BertLayers.layer(kernels, scope, x, layers[i], mask, config.heads(), config.epsilon());
        }
        return x;
    }

    /** Logits of the three branches, {@code [B,3]}: video, body, face. */
    NDArray gateLogits(NDManager scope, NDArray hidden) {
        return BertLayers.firstTokenMlp(kernels, scope, hidden, gate);
    }

    /** Branch weights, {@code [B,3]}, each row sums to 1. */
    public NDArray branchWeights(NDManager scope, NDArray ids, NDArray types, boolean[][] attention) {
        return TensorOperations.softmax(
                kernels, scope, gateLogits(scope, hidden(scope, ids, types, attention, config.layers())));
    }
}
