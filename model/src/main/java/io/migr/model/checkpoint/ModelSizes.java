package io.migr.model.checkpoint;

import io.migr.model.Emotion;
import io.migr.model.cues.FaceRows;
import io.migr.model.cues.VoiceRows;
import io.migr.model.network.AudioTower;
import io.migr.model.network.CueEncoder;
import io.migr.model.network.Decoder;
import io.migr.model.network.Network;
import io.migr.model.network.TextGate;
import io.migr.model.network.VisionTower;

/** Named sizes of the network. */
public final class ModelSizes {
    private ModelSizes() {}

    /**
     * The embedded default: 8 pictures of 128 x 128, four seconds of sound.
     *
     * @param words number of tokens in the vocabulary that explanations and instruction share
     */
    public static Network.Config tiny(int words) {
        return new Network.Config(
                new VisionTower.Config(128, 16, 96, 5, 4, 256, 1e-6),
                new AudioTower.Config(128, 96, 3, 4, 256, 200),
                new TextGate.Config(words, 64, 2, 2, 128, 64, 1e-12, 64),
                new Decoder.Config(128, 4, 4, 2, 352, words, 512, 10_000, 1e-6, true),
                8);
    }

    /**
     * The model of measured people: rows of cues in place of pictures and sound.
     *
     * @param words number of tokens in the vocabulary that explanations and instruction share
     */
    public static Network.Config people(int words) {
        return Network.Config.ofCues(
                new CueEncoder.Config(FaceRows.ROWS, VoiceRows.ROWS, FaceRows.VALUES, Emotion.DFEW.size()),
                new Decoder.Config(128, 3, 4, 2, 352, words, 512, 10_000, 1e-6, true));
    }

    /** The released HumanOmni and R1-Omni: a language model of half a billion parameters, 1.4 billion in total. */
    public static Network.Config humanOmniHalfBillion() {
        return new Network.Config(
                new VisionTower.Config(224, 16, 768, 12, 12, 3072, 1e-6),
                new AudioTower.Config(128, 1280, 32, 20, 5120, 1500),
                new TextGate.Config(30_522, 768, 12, 12, 3072, 512, 1e-12, 3584),
                new Decoder.Config(896, 24, 14, 2, 4864, 151_665, 32_768, 1_000_000, 1e-6, true),
                8);
    }

    /** The smallest possible network, for tests. */
    public static Network.Config micro(int words) {
        return new Network.Config(
                new VisionTower.Config(32, 8, 32, 3, 2, 64, 1e-6),
                new AudioTower.Config(128, 32, 1, 2, 64, 200),
                new TextGate.Config(words, 32, 1, 2, 64, 64, 1e-12, 32),
                new Decoder.Config(48, 2, 4, 2, 96, words, 512, 10_000, 1e-6, true),
                8);
    }
}
