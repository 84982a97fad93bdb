package io.migr.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Reads and writes sizes with Hugging Face's keys. */
public final class ModelConfig {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ModelConfig() {}

    /** A Qwen2 {@code config.json}. */
    public static Decoder.Config decoder(JsonNode json) {
        return new Decoder.Config(
                json.path("hidden_size").asInt(),
                json.path("num_hidden_layers").asInt(),
                json.path("num_attention_heads").asInt(),
                json.path("num_key_value_heads").asInt(),
                json.path("intermediate_size").asInt(),
                json.path("vocab_size").asInt(),
                json.path("max_position_embeddings").asInt(32768),
                json.path("rope_theta").asDouble(10000),
                json.path("rms_norm_eps").asDouble(1e-6),
                json.path("tie_word_embeddings").asBoolean(false));
    }

    /** A SigLIP vision {@code config.json}. */
    public static VisionTower.Config vision(JsonNode json) {
        return new VisionTower.Config(
                json.path("image_size").asInt(),
                json.path("patch_size").asInt(),
                json.path("hidden_size").asInt(),
                json.path("num_hidden_layers").asInt(),
                json.path("num_attention_heads").asInt(),
                json.path("intermediate_size").asInt(),
                json.path("layer_norm_eps").asDouble(1e-6));
    }

    /** A Whisper {@code config.json}. */
    public static AudioTower.Config audio(JsonNode json) {
        return new AudioTower.Config(
                json.path("num_mel_bins").asInt(),
                json.path("d_model").asInt(),
                json.path("encoder_layers").asInt(),
                json.path("encoder_attention_heads").asInt(),
                json.path("encoder_ffn_dim").asInt(),
                json.path("max_source_positions").asInt());
    }

    /** A BERT {@code config.json}; {@code gate_size} is ours, upstream's inner width otherwise. */
    public static TextGate.Config text(JsonNode json) {
        return new TextGate.Config(
                json.path("vocab_size").asInt(),
                json.path("hidden_size").asInt(),
                json.path("num_hidden_layers").asInt(),
                json.path("num_attention_heads").asInt(),
                json.path("intermediate_size").asInt(),
                json.path("max_position_embeddings").asInt(),
                json.path("layer_norm_eps").asDouble(1e-12),
                json.path("gate_size").asInt(3584));
    }

    static ObjectNode json(VisionTower.Config c) {
        return NODES.objectNode()
                .put("image_size", c.image())
                .put("patch_size", c.patch())
                .put("hidden_size", c.hidden())
                .put("num_hidden_layers", c.layers())
                .put("num_attention_heads", c.heads())
                .put("intermediate_size", c.intermediate())
                .put("layer_norm_eps", c.epsilon());
    }

    static ObjectNode json(AudioTower.Config c) {
        return NODES.objectNode()
                .put("num_mel_bins", c.mels())
                .put("d_model", c.hidden())
                .put("encoder_layers", c.layers())
                .put("encoder_attention_heads", c.heads())
                .put("encoder_ffn_dim", c.intermediate())
                .put("max_source_positions", c.positions());
    }

    static ObjectNode json(TextGate.Config c) {
        return NODES.objectNode()
                .put("vocab_size", c.vocabulary())
                .put("hidden_size", c.hidden())
                .put("num_hidden_layers", c.layers())
                .put("num_attention_heads", c.heads())
                .put("intermediate_size", c.intermediate())
                .put("max_position_embeddings", c.positions())
                .put("layer_norm_eps", c.epsilon())
                .put("gate_size", c.gate());
    }

    static ObjectNode json(Decoder.Config c) {
        return NODES.objectNode()
                .put("hidden_size", c.hidden())
                .put("num_hidden_layers", c.layers())
                .put("num_attention_heads", c.heads())
                .put("num_key_value_heads", c.kvHeads())
                .put("intermediate_size", c.intermediate())
                .put("vocab_size", c.vocabulary())
                .put("max_position_embeddings", c.maxPositions())
                .put("rope_theta", c.theta())
                .put("rms_norm_eps", c.epsilon())
                .put("tie_word_embeddings", c.tied());
    }
}
