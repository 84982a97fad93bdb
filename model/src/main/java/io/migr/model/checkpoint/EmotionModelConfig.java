package io.migr.model.checkpoint;

import io.migr.engine.Weights.Declaration;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.explain.MeasuredCue;
import io.migr.model.explain.Prompt;
import io.migr.model.importance.EvidenceTemperature;
import io.migr.model.importance.ImportanceRule;
import io.migr.model.network.Decoder;
import io.migr.model.network.Heads;
import io.migr.model.network.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration of a model, everything but its tensors and tokens: sizes, labels, prompt, calibration, sentences.
 *
 * @param name of the model, e.g. {@code tiny}
 * @param network sizes of the network
 * @param labels the label set, in the order of probabilities
 * @param padToSquare true: pictures keep their aspect ratio and are padded with grey; false: they are stretched
 * @param instruction the text that the text gate reads
 * @param prompt the decoder's template, see {@link Prompt}
 * @param temperature divisors of the evidence heads' logits, fitted on validation clips
 * @param importance the rule that turns the four values v(S) into modality importance
 * @param blockLimit most tokens in one block of an explanation
 * @param leads per dominance the sentences, without the full stop, that name the leading modality: the weighing block
 *     must begin with one of those for the measured dominance; empty: the start of the block is not constrained
 * @param cues cues that an explanation may claim only if they were measured in the clip; empty: no constraint
 * @param needsMedia whether it reads pictures and sound; false: what was measured in them is enough
 */
public record EmotionModelConfig(
        String name,
        Network.Config network,
        List<Emotion> labels,
        boolean padToSquare,
        String instruction,
        String prompt,
        EvidenceTemperature temperature,
        ImportanceRule importance,
        int blockLimit,
        Map<Dominance, List<String>> leads,
        List<MeasuredCue> cues,
        boolean needsMedia) {
    public EmotionModelConfig {
        labels = List.copyOf(labels);
        leads = Map.copyOf(leads);
        cues = List.copyOf(cues);
    }

    /** A configuration of a model that needs media, without sentences for leading modalities and measured cues. */
    public EmotionModelConfig(
            String name,
            Network.Config network,
            List<Emotion> labels,
            boolean padToSquare,
            String instruction,
            String prompt,
            double temperature,
            ImportanceRule importance,
            int blockLimit) {
        this(
                name,
                network,
                labels,
                padToSquare,
                instruction,
                prompt,
                EvidenceTemperature.same(temperature),
                importance,
                blockLimit,
                Map.of(),
                List.of(),
                true);
    }

    /** A copy with another calibration. */
    public EmotionModelConfig calibrated(EvidenceTemperature evidenceTemperature, ImportanceRule rule) {
        return with(network, evidenceTemperature, rule, blockLimit);
    }

    /** A copy with another limit of tokens in a block. */
    public EmotionModelConfig limited(int block) {
        return with(network, temperature, importance, block);
    }

    private EmotionModelConfig with(
            Network.Config other, EvidenceTemperature evidenceTemperature, ImportanceRule rule, int block) {
        return new EmotionModelConfig(
                name,
                other,
                labels,
                padToSquare,
                instruction,
                prompt,
                evidenceTemperature,
                rule,
                block,
                leads,
                cues,
                needsMedia);
    }

    /** A copy with a network of another size, in which the decoder keeps the vocabulary size of this one. */
    public EmotionModelConfig sized(Network.Config size) {
        Decoder.Config d = size.decoder();
        Decoder.Config words = new Decoder.Config(
                d.hidden(),
                d.layers(),
                d.heads(),
                d.kvHeads(),
                d.intermediate(),
                network.decoder().vocabulary(),
                d.maxPositions(),
                d.theta(),
                d.epsilon(),
                d.tied());
        return with(size.with(words), temperature, importance, blockLimit);
    }

    /** The names, shapes and initialisation of all tensors of such a model. */
    public Map<String, Declaration> manifest() {
        Map<String, Declaration> all = new LinkedHashMap<>(Network.manifest(network));
        all.putAll(Heads.manifest(network, labels.size()));
        return all;
    }
}
