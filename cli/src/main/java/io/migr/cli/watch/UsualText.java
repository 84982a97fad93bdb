package io.migr.cli.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.migr.schemas.EmotionPrediction;
import io.migr.schemas.FaceUsual;
import io.migr.schemas.ParticipantBaseline;
import io.migr.schemas.VoiceArousal;
import io.migr.schemas.VoiceUsual;
import java.util.Locale;

/** Formats how a clip differs from what is usual for the same person. */
final class UsualText {
    private UsualText() {}

    /** One line about the voice; empty if nothing can be told of it. */
    static String line(EmotionPrediction prediction) {
        VoiceArousal arousal = prediction.getArousal();
        if (arousal == null) {
            return "";
        }
        String sounds =
                switch (arousal.getLevel()) {
                    case RAISED -> "sounds raised against the usual of this person";
                    case USUAL -> "sounds as usual for this person";
                    case LOWERED -> "sounds lowered against the usual of this person";
                    case CANNOT_TELL -> null;
                };
        return sounds == null
                ? ""
                : String.format(
                        Locale.ROOT, "    voice %s, from %.0f s of own speech%n", sounds, arousal.getSpeechSeconds());
    }

    /** Adds {@code arousal} and {@code baseline}; null: none. */
    static void addTo(ObjectNode json, EmotionPrediction prediction) {
        VoiceArousal arousal = prediction.getArousal();
        if (arousal == null) {
            json.putNull("arousal");
        } else {
            json.putObject("arousal")
                    .put("level", arousal.getLevel().name().toLowerCase(Locale.ROOT))
                    .put("probability", arousal.getProbability())
                    .put("clips", arousal.getClips())
                    .put("speech_seconds", arousal.getSpeechSeconds());
        }
        ParticipantBaseline baseline = prediction.getBaseline();
        if (baseline == null) {
            json.putNull("baseline");
            return;
        }
        VoiceUsual voice = baseline.getVoice();
        FaceUsual face = baseline.getFace();
        json.putObject("baseline")
                .put("voice_clips", voice == null ? 0 : voice.getClips())
                .put("speech_seconds", voice == null ? 0 : voice.getSpeechSeconds())
                .put("face_clips", face == null ? 0 : face.getClips())
                .put("partial", baseline.getPartial())
                .put("since", baseline.getSince().toString());
    }
}
