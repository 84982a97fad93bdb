package io.migr.features;

import io.migr.features.ffmpeg.FfmpegCommand;

/**
 * What decoding one clip may cost.
 *
 * @param bytes size of the largest media file, bytes
 * @param seconds length of the longest clip, s
 * @param pixels number of pixels in the largest picture
 * @param wallSeconds longest time that decoding may take, s
 * @param memoryMb memory that the decoder may map, MiB
 * @param outputMb size of the decoded pictures, and of the decoded sound, MiB each
 */
public record MediaLimits(int bytes, int seconds, int pixels, int wallSeconds, int memoryMb, int outputMb) {
    public static MediaLimits usual() {
        return new MediaLimits(15 << 20, 15, FfmpegCommand.LARGEST_PICTURE, 20, 2048, 512);
    }
}
