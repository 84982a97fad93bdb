package io.migr.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.explain.MeasuredCue;
import io.migr.model.importance.EvidenceTemperature;
import io.migr.model.importance.ImportanceRule;
import io.migr.model.network.AudioTower;
import io.migr.model.network.CueEncoder;
import io.migr.model.network.Decoder;
import io.migr.model.network.Network;
import io.migr.model.network.TextGate;
import io.migr.model.network.VisionTower;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** Reads and writes {@code config.json}: sizes under Hugging Face's keys, and migr's own settings. */
public final class ModelConfigFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEDIA = "media";
    private static final String TEMPERATURE = "evidence_temperature";
    private static final String FLOOR = "evidence_floor";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ModelConfigFile() {}

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

    /** A BERT {@code config.json}; {@code gate_size} is migr's own key, without it the gate has upstream's width. */
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

    static ObjectNode json(CueEncoder.Config c) {
        ObjectNode json = NODES.objectNode()
                .put("face_rows", c.faceRows())
                .put("voice_rows", c.voiceRows())
                .put("row_values", c.values());
        return c.evidenceLabels() == 0 ? json : json.put("evidence_labels", c.evidenceLabels());
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

    /**
     * Reads a whole model's {@code config.json}.
     *
     * @throws IOException if it cannot be used; the message names the file, and each key with its value
     */
    public static EmotionModelConfig read(Path file) throws IOException {
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            List<String> problems = ModelConfigCheck.problems(json);
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", problems));
            }
            return model(json);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is not JSON: " + e.getOriginalMessage() + ".", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** A whole model's {@code config.json}. */
    static EmotionModelConfig model(JsonNode json) {
        List<Emotion> labels = new ArrayList<>();
        json.path("labels")
                .forEach(label -> labels.add(Emotion.valueOf(label.asText().toUpperCase(Locale.ROOT))));
        return new EmotionModelConfig(
                json.path("name").asText(),
                network(json),
                labels,
                json.path("pad_to_square").asBoolean(),
                json.path("instruction").asText(),
                json.path("prompt").asText(),
                temperature(json.path(TEMPERATURE)),
                importance(json.path("modality_importance")),
                json.path("block_limit").asInt(48),
                leads(json.path("lead_sentences")),
                cues(json.path("cues")),
                needsMedia(json.path("needs").asText(MEDIA)));
    }

    private static Network.Config network(JsonNode json) {
        Decoder.Config decoder = decoder(json.path("decoder_config"));
        JsonNode cues = json.path("cue_config");
        if (cues.isObject()) {
            return Network.Config.ofCues(
                    new CueEncoder.Config(
                            cues.path("face_rows").asInt(),
                            cues.path("voice_rows").asInt(),
                            cues.path("row_values").asInt(),
                            cues.path("evidence_labels").asInt(0)),
                    decoder);
        }
        return new Network.Config(
                vision(json.path("vision_config")),
                audio(json.path("audio_config")),
                text(json.path("text_config")),
                decoder,
                json.path("frames").asInt());
    }

    /** One number for all heads, or an object with one for each. */
    private static EvidenceTemperature temperature(JsonNode json) {
        return json.isObject()
                ? new EvidenceTemperature(
                        json.path("visual").asDouble(),
                        json.path("audio").asDouble(),
                        json.path("both").asDouble())
                : EvidenceTemperature.same(json.asDouble(1));
    }

    /** The models of before the key {@code evidence_floor} keep the rule without a floor. */
    private static ImportanceRule importance(JsonNode json) {
        JsonNode floor = json.path(FLOOR);
        return new ImportanceRule(
                json.path("temperature").asDouble(1),
                json.path("tolerance").asDouble(0.1),
                floor.isMissingNode() ? OptionalDouble.empty() : OptionalDouble.of(floor.asDouble(Double.NaN)));
    }

    /** The models of before this key all need media. */
    private static boolean needsMedia(String needs) {
        return switch (needs) {
            case MEDIA -> true;
            case "cues" -> false;
            default ->
                throw new IllegalArgumentException("config.json says that the model needs \"" + needs
                        + "\"; it must be media or cues. A newer version of migr may know it.");
        };
    }

    private static List<MeasuredCue> cues(JsonNode json) {
        List<MeasuredCue> cues = new ArrayList<>();
        for (JsonNode cue : json) {
            List<String> sentences = new ArrayList<>();
            cue.path("sentences").forEach(sentence -> sentences.add(sentence.asText()));
            cues.add(new MeasuredCue(
                    MeasuredCue.Head.valueOf(cue.path("head").asText().toUpperCase(Locale.ROOT)),
                    cue.path("claim").asText(null),
                    cue.path("index").asInt(-1),
                    cue.path("bound").asDouble(),
                    sentences));
        }
        return cues;
    }

    private static Map<Dominance, List<String>> leads(JsonNode json) {
        Map<Dominance, List<String>> leads = new EnumMap<>(Dominance.class);
        json.properties().forEach(entry -> {
            List<String> sentences = new ArrayList<>();
            entry.getValue().forEach(sentence -> sentences.add(sentence.asText()));
            leads.put(Dominance.valueOf(entry.getKey().toUpperCase(Locale.ROOT)), sentences);
        });
        return leads;
    }

    private static JsonNode json(EvidenceTemperature t) {
        return t.isUniform()
                ? NODES.numberNode(t.visual())
                : NODES.objectNode()
                        .put("visual", t.visual())
                        .put("audio", t.audio())
                        .put("both", t.both());
    }

    static ObjectNode json(EmotionModelConfig c) {
        ObjectNode json = NODES.objectNode().put("name", c.name());
        c.labels().forEach(label -> json.withArray("labels").add(label.word()));
        json.put("frames", c.network().frames())
                .put("pad_to_square", c.padToSquare())
                .put("instruction", c.instruction())
                .put("prompt", c.prompt())
                .set(TEMPERATURE, json(c.temperature()));
        json.put("block_limit", c.blockLimit());
        ObjectNode importance = json.putObject("modality_importance")
                .put("temperature", c.importance().temperature())
                .put("tolerance", c.importance().tolerance());
        c.importance().evidenceFloor().ifPresent(floor -> importance.put(FLOOR, floor));
        for (Dominance dominance : Dominance.values()) {
            for (String sentence : c.leads().getOrDefault(dominance, List.of())) {
                json.withObject("/lead_sentences")
                        .withArray(dominance.name().toLowerCase(Locale.ROOT))
                        .add(sentence);
            }
        }
        for (MeasuredCue cue : c.cues()) {
            ObjectNode entry = json.withArray("cues").addObject();
            entry.put("head", cue.head().name().toLowerCase(Locale.ROOT));
            if (cue.claim() == null) {
                entry.put("index", cue.index()).put("bound", cue.bound());
            } else {
                entry.put("claim", cue.claim());
            }
            cue.sentences().forEach(sentence -> entry.withArray("sentences").add(sentence));
        }
        if (!c.needsMedia()) {
            json.put("needs", "cues");
        }
        if (c.network().readsCues()) {
            json.set("cue_config", json(c.network().cues()));
        } else {
            json.set("vision_config", json(c.network().vision()));
            json.set("audio_config", json(c.network().audio()));
            json.set("text_config", json(c.network().text()));
        }
        json.set("decoder_config", json(c.network().decoder()));
        return json;
    }
}
