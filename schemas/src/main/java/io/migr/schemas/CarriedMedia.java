package io.migr.schemas;

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

    /** Whether an audio half holds a log-mel. */
    public static boolean hasSound(AudioFeatures audio) {
        return audio.getMelFrames() != 0 || audio.getLogMel().hasRemaining();
    }
}
