package io.migr.worker;

import io.migr.schemas.AudioFeatures;
import io.migr.schemas.FaceCues;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.VisualFeatures;
import io.migr.schemas.VoiceCues;

/**
 * Decides whether a clip is answered at all. Without a usable face it is not: no model here can tell an emotion from a
 * voice alone. Requests from before faces were measured are always answered.
 */
final class Abstention {
    private Abstention() {}

    /** Why the emotion of a clip cannot be told, in words; null if it can be asked for. */
    static String reason(InferenceRequest request) {
        String face = noFace(request);
        return face == null
                ? null
                : face + "; " + (isHeard(voice(request)) ? "a voice alone tells too little" : "nobody speaks");
    }

    private static String noFace(InferenceRequest request) {
        VisualFeatures visual = request.getVisual();
        if (visual == null) {
            return voice(request) == null ? null : request.getVisualMissing();
        }
        FaceCues face = visual.getFace();
        if (face == null) {
            return null;
        }
        return visual.getPresent() ? face.getAbsentReason() : visual.getAbsentReason();
    }

    private static VoiceCues voice(InferenceRequest request) {
        AudioFeatures audio = request.getAudio();
        return audio == null ? null : audio.getVoice();
    }

    /** Whether somebody speaks, or laughs or cries aloud. */
    private static boolean isHeard(VoiceCues voice) {
        return voice != null
                && (!voice.getSpeech().isEmpty() || !voice.getEvents().isEmpty());
    }
}
