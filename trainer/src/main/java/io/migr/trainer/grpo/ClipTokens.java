package io.migr.trainer.grpo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.model.network.Network;
import java.io.IOException;


/** Where the decoder's tokens of a clip's pictures and sound come from. */
public interface ClipTokens {

    /**
     * Tokens of a few clips.
     *
     * @param video {@code [clips,videoTokens,hidden]}
     * @param audio {@code [clips,audioTokens,hidden]}
     */
    record Tokens(NDArray video, NDArray audio) {}

    /**
     * Reads or computes tokens, under autograd where the calling thread records gradients.
     *
     * @param scope owns the result
     * @param network whose projector is to be used, by implementations that use one
     * @param clips numbers of the clips
     */
    Tokens of(NDManager scope, Network network, int[] clips) throws IOException;

    /** Video tokens of a clip. */
    default int video(Network.Config config) {
        return config.videoTokens();
    }

    /** Audio tokens of a clip. */
    default int audio(Network.Config config) {
        return config.audioTokens();
    }
}
