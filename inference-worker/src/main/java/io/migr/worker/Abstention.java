package io.migr.worker;

import io.migr.model.Analysis;
import io.migr.model.ClipAnalyser;
import io.migr.model.ClipInput;
import io.migr.model.CueReading;
import io.migr.model.Dominance;
import io.migr.schemas.AudioFeatures;
import io.migr.schemas.CarriedMedia;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.FaceCues;
import io.migr.schemas.InferenceRequest;
import io.migr.schemas.VisualFeatures;
import io.migr.schemas.VoiceCues;
import java.util.Locale;

/**
 * Decides whether a clip is answered at all. Without a usable face it is not: no model here can tell an emotion from a
 * voice alone. Requests from before faces were measured are always answered. A model that needs media is not asked about a
 * request without media: it would take the clip for dark and silent. A model of measured cues gives no emotion that it
 * thinks less probable than {@link Analysis#ASSERTED}.
 */
public final class Abstention {
    private static final String VOICE_ALONE = "a voice alone tells too little";

    private Abstention() {}

    /** Why the emotion of a clip cannot be told by a model, in words; null if it can be asked for. */
    static String reason(InferenceRequest request, ClipAnalyser analyser) {
        return analyser.needsMedia() && CarriedMedia.isMissing(request) ? noMedia(analyser.version()) : reason(request);
    }

    /**
     * Why the emotion of a clip cannot be told after all, in words; null if it can: a model of cues knows whether the
     * face can be read, and whether anything tells.
     */
    static String reason(ClipInput input, Analysis analysis) {
        CueReading cues = input.cues();
        if (cues == null) {
            return null;
        }
        if (!cues.hasFace()) {
            return cues.faceMissing() + "; " + (cues.hasVoice() ? VOICE_ALONE : cues.voiceMissing());
        }
        if (cues.unclear() != null) {
            return cues.unclear();
        }
        return analysis.importance().dominant() == Dominance.NEITHER ? "neither the face nor the voice tells" : null;
    }

    /** That no emotion is probable enough, in words; null if one is, or if it is not a model of measured cues. */
    static String weakness(ClipInput input, Analysis analysis) {
        float best = analysis.probabilities().get(analysis.emotion());
        return input.cues() == null || best >= Analysis.ASSERTED
                ? null
                : String.format(
                        Locale.ROOT,
                        "the most probable, %s, has only %.0f %%",
                        analysis.emotion().word(),
                        Math.floor(100 * best));
    }

    private static String noMedia(String version) {
        return "the topics carry no media, and model " + version + " needs it (features.carry)";
    }

    /** Whether a result abstains because its request carried no media. */
    public static boolean isForWantOfMedia(EmotionPrediction prediction) {
        return prediction.getAbstained()
                && noMedia(prediction.getModelVersion()).equals(prediction.getAbstainedReason());
    }

    /** Why no model can tell the emotion of a clip, in words; null if one may. */
    static String reason(InferenceRequest request) {
        String face = noFace(request);
        return face == null ? null : face + "; " + (isHeard(voice(request)) ? VOICE_ALONE : "nobody speaks");
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
