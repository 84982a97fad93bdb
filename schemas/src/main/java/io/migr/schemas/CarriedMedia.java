package io.migr.schemas;

import java.util.function.Function;

/** What a request carries of its clip's media: a half can be present and yet hold only what was measured in it. */
public final class CarriedMedia {
    private CarriedMedia() {}

    /** Whether a request has a present half, but neither a picture nor sound of it. */
    public static boolean isMissing(InferenceRequest request) {
        VisualFeatures visual = request.getVisual();
        AudioFeatures audio = request.getAudio();
        boolean seen = visual != null && visual.getPresent();
        boolean heard = audio != null && audio.getPresent();
        return (seen || heard) && !(seen && !visual.getFrames().isEmpty()) && !(heard && hasSound(audio));
    }

    /** Whether an audio half holds sound, or the log-mel that earlier versions wrote in its place. */
    public static boolean hasSound(AudioFeatures audio) {
        return audio.getSound() != null
                || audio.getMelFrames() != 0
                || audio.getLogMel().hasRemaining();
    }

    /**
     * The log-mel of an audio half that {@link #hasSound}, as serving and training read it: made of its sound, else the
     * one that an earlier version recorded.
     *
     * @param clip the clip's name, for messages
     * @param logMel makes {@code [bins][frames]} of samples, mono at 16 kHz, -1..1
     * @throws IllegalArgumentException if the sound or the recorded log-mel cannot be read
     */
    public static float[][] logMel(AudioFeatures audio, String clip, Function<float[], float[][]> logMel) {
        if (audio.getSound() == null) {
            return LogMelCodec.decode(audio, clip);
        }
        float[] samples = SoundCodec.decode(audio.getSound(), clip);
        try {
            return logMel.apply(samples);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The sound of clip " + clip + " cannot be used: " + e.getMessage(), e);
        }
    }
}
