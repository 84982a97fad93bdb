package io.migr.model;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads sizes from configurations with Hugging Face's keys. */
public final class ModelConfig {
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
}
