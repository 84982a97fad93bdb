package io.migr.model.checkpoint;

import io.migr.engine.Weights.Declaration;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.explain.MeasuredCue;
import io.migr.model.explain.Prompt;
import io.migr.model.importance.ImportanceRule;
import io.migr.model.network.Decoder;
import io.migr.model.network.Heads;
import io.migr.model.network.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All of a model that is not a tensor or a token: sizes, labels, prompt, calibration, wording.
 *
 * @param name of the model, e.g. {@code tiny}
 * @param labels the label set, in the order of probabilities
 * @param padToSquare pictures keep their aspect on a grey square; else they are squashed
 * @param instruction what the text gate reads
 * @param prompt the decoder's template, see {@link Prompt}
 * @param temperature the evidence heads' logits are divided by it, fitted on validation clips
 * @param importance from four values to modality importance
 * @param blockLimit most tokens in one block of an explanation
 * @param leads sentences without full stop by which the model says, at the beginning of its weighing block, which
 *     modality leads: of those for the measured dominance it chooses one; empty: it begins the block as it likes
 * @param cues what the model may say of a clip only where it is measured; of all else it says what it likes
 */
public record EmotionModelConfig(
        String name,
        Network.Config network,
        List<Emotion> labels,
        boolean padToSquare,
        String instruction,
        String prompt,
        double temperature,
        ImportanceRule importance,
        int blockLimit,
        Map<Dominance, List<String>> leads,
        List<MeasuredCue> cues) {
    public EmotionModelConfig {
        labels = List.copyOf(labels);
        leads = Map.copyOf(leads);
        cues = List.copyOf(cues);
    }

    /** Of a model that has no sentences of its own to say what leads or what is measured. */
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
                temperature,
                importance,
                blockLimit,
                Map.of(),
                List.of());
    }

    /** The same with another calibration. */
    public EmotionModelConfig calibrated(double evidenceTemperature, ImportanceRule rule) {
        return with(network, evidenceTemperature, rule, blockLimit);
    }

    /** The same with another limit of tokens in a block. */
    public EmotionModelConfig limited(int block) {
        return with(network, temperature, importance, block);
    }

    private EmotionModelConfig with(Network.Config other, double evidenceTemperature, ImportanceRule rule, int block) {
        return new EmotionModelConfig(
                name, other, labels, padToSquare, instruction, prompt, evidenceTemperature, rule, block, leads, cues);
    }

    /** The same words and rules with a network of another size, whose decoder keeps this one's vocabulary. */
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
        return with(
                new Network.Config(size.vision(), size.audio(), size.text(), words, size.frames()),
                temperature,
                importance,
                blockLimit);
    }

    /** The tensors that such a model has. */
    public Map<String, Declaration> manifest() {
        Map<String, Declaration> all = new LinkedHashMap<>(Network.manifest(network));
        all.putAll(Heads.manifest(network, labels.size()));
        return all;
    }
}
