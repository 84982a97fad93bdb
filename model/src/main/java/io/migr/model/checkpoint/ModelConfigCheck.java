package io.migr.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.explain.MeasuredCue;
import io.migr.model.network.Heads;
import io.migr.model.network.SlowFastCompressor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Finds what makes a {@code config.json} unusable, so that no number in it reaches the network unchecked. */
final class ModelConfigCheck {
    private static final String HEADS = "num_attention_heads";

    private final List<String> problems = new ArrayList<>();

    private ModelConfigCheck() {}

    /** All problems, each with the key and the value that is given; none for a usable configuration. */
    static List<String> problems(JsonNode json) {
        ModelConfigCheck check = new ModelConfigCheck();
        check.labels(json.path("labels"));
        check.text(json, "name");
        check.text(json, "prompt");
        JsonNode temperature = json.path("evidence_temperature");
        if (!temperature.isMissingNode() && !temperature.isNumber() && !temperature.isObject()) {
            check.add("evidence_temperature", temperature, "a number, or an object with visual, audio and both");
        }
        check.counts(json, "decoder_config", "hidden_size", "num_hidden_layers", HEADS);
        check.counts(json, "decoder_config", "num_key_value_heads", "intermediate_size", "vocab_size");
        check.multiple(json, "decoder_config", "hidden_size", HEADS);
        check.multiple(json, "decoder_config", HEADS, "num_key_value_heads");
        if (json.path("cue_config").isObject()) {
            check.counts(json, "cue_config", "face_rows", "voice_rows", "row_values");
            JsonNode told = json.path("cue_config").path("evidence_labels");
            int labels = json.path("labels").size();
            if (!told.isMissingNode() && told.asInt(-1) != 0 && told.asInt(-1) != labels) {
                check.add("cue_config.evidence_labels", told, "the number of labels, which is " + labels + ", or 0");
            }
        } else {
            check.media(json);
        }
        check.leads(json.path("lead_sentences"));
        int at = 0;
        for (JsonNode cue : json.path("cues")) {
            check.cue(cue, "cues[" + at++ + "].");
        }
        return check.problems;
    }

    private void media(JsonNode json) {
        counts(json, "vision_config", "image_size", "patch_size", "hidden_size", "num_hidden_layers", HEADS);
        counts(json, "vision_config", "intermediate_size");
        multiple(json, "vision_config", "hidden_size", HEADS);
        counts(json, "audio_config", "num_mel_bins", "d_model", "encoder_layers", "encoder_attention_heads");
        counts(json, "audio_config", "encoder_ffn_dim", "max_source_positions");
        multiple(json, "audio_config", "d_model", "encoder_attention_heads");
        counts(json, "text_config", "vocab_size", "hidden_size", "num_hidden_layers", HEADS);
        counts(json, "text_config", "intermediate_size", "max_position_embeddings");
        multiple(json, "text_config", "hidden_size", HEADS);
        JsonNode frames = json.path("frames");
        if (!frames.isInt() || frames.asInt() < 1 || frames.asInt() % SlowFastCompressor.GROUP != 0) {
            add("frames", frames, "a positive multiple of " + SlowFastCompressor.GROUP);
        }
    }

    private void add(String key, JsonNode given, String expected) {
        problems.add(key + " is " + (given.isMissingNode() ? "missing" : given) + ", it must be " + expected);
    }

    private void text(JsonNode json, String key) {
        if (!json.path(key).isTextual() || json.path(key).asText().isBlank()) {
            add(key, json.path(key), "a text");
        }
    }

    private void labels(JsonNode labels) {
        TreeSet<String> known = new TreeSet<>();
        Arrays.stream(Emotion.values()).forEach(emotion -> known.add(emotion.word()));
        TreeSet<String> seen = new TreeSet<>();
        for (JsonNode label : labels) {
            if (!known.contains(label.asText()) || !seen.add(label.asText())) {
                add("labels", labels, "a list of different ones of " + String.join(", ", known));
                return;
            }
        }
        if (labels.size() < 2) {
            add("labels", labels, "a list of at least two emotions");
        }
    }

    private void counts(JsonNode json, String section, String... keys) {
        for (String key : keys) {
            JsonNode count = json.path(section).path(key);
            if (!count.isInt() || count.asInt() < 1) {
                add(section + "." + key, count, "a whole number of at least 1");
            }
        }
    }

    private void multiple(JsonNode json, String section, String key, String of) {
        JsonNode value = json.path(section).path(key);
        int divisor = json.path(section).path(of).asInt();
        if (divisor > 0 && value.asInt() % divisor != 0) {
            add(section + "." + key, value, "a multiple of " + of + ", which is " + divisor);
        }
    }

    private void leads(JsonNode leads) {
        List<String> known = Arrays.stream(Dominance.values())
                .map(dominance -> dominance.name().toLowerCase(Locale.ROOT))
                .toList();
        leads.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problems.add("lead_sentences has " + name + ", it may have " + String.join(", ", known));
            }
        });
    }

    private void cue(JsonNode cue, String before) {
        String head = cue.path("head").asText().toUpperCase(Locale.ROOT);
        if (Arrays.stream(MeasuredCue.Head.values())
                .noneMatch(known -> known.name().equals(head))) {
            add(before + "head", cue.path("head"), "one of " + Arrays.toString(MeasuredCue.Head.values()));
            return;
        }
        int index = cue.path("index").asInt(-1);
        switch (MeasuredCue.Head.valueOf(head)) {
            case ACTION_UNIT -> {
                if (!Heads.ACTION_UNITS.contains(index)) {
                    add(before + "index", cue.path("index"), "one of the action units " + Heads.ACTION_UNITS);
                }
            }
            case RAISED, LOWERED -> {
                if (index < 0 || index >= Heads.PROSODY_DIMENSIONS) {
                    add(before + "index", cue.path("index"), "0 to " + (Heads.PROSODY_DIMENSIONS - 1));
                }
            }
            case CLAIM -> {
                if (!cue.path("claim").isTextual()) {
                    add(before + "claim", cue.path("claim"), "what perception measures");
                }
            }
            case EVEN, FACE, NO_FACE, VOICE, NO_VOICE -> {
                // they have no index
            }
        }
    }
}
