package io.migr.features;

/**
 * What decoding one clip may cost.
 *
 * @param bytes largest media file
 * @param seconds longest clip
 * @param pixels largest picture
 * @param wallSeconds most time to decode
 * @param memoryMb most memory that the decoder may map, MiB
 * @param outputMb most decoded pictures or sound, MiB each
 */
public record MediaLimits(int bytes, int seconds, int pixels, int wallSeconds, int memoryMb, int outputMb) {
    public static MediaLimits usual() {
        return new MediaLimits(15 << 20, 15, FfmpegCommand.LARGEST_PICTURE, 20, 2048, 512);
    }
}
