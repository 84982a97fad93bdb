package io.migr.trainer.grpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.model.network.Network;
import java.io.IOException;

/** Supplies the tokens that stand for a clip's pictures and sound in the decoder's input. */
public interface ClipTokens {

    /**
     * Tokens of one or more clips.
     *
     * @param video {@code [clips,videoTokens,hidden]}
     * @param audio {@code [clips,audioTokens,hidden]}
     */
    record Tokens(NDArray video, NDArray audio) {}

    /**
     * Reads or computes tokens, under autograd if the calling thread records gradients.
     *
     * @param scope owns the result
     * @param network the network whose projector is used, in implementations that need one
     * @param clips numbers of the clips
     */
    Tokens of(NDManager scope, Network network, int[] clips) throws IOException;

    /** Number of video tokens per clip. */
    default int video(Network.Config config) {
        return config.videoTokens();
    }

    /** Number of audio tokens per clip. */
    default int audio(Network.Config config) {
        return config.audioTokens();
    }
}
