package io.migr.model;

import java.util.List;
import java.util.Map;

/**
 * What was measured in a clip, in the form that a model of cues reads; {@link io.migr.model.cues.ClipCues} makes it.
 *
 * @param face rows of numbers about the face, {@link io.migr.model.cues.FaceRows}; all 0 if no face is usable
 * @param voice rows of numbers about the voice, {@link io.migr.model.cues.VoiceRows}; all 0 if nobody is heard
 * @param claims what a text may say of the clip: ids of {@link io.migr.model.cues.Claim} with their strength, above 0
 *     and at most 1
 * @param actionUnits the units that are shown, strongest first
 * @param unclear why a usable face cannot be read, in words; null: it can, or none is usable
 * @param faceMissing why no face is usable, in words; null: one is
 * @param voiceMissing why no voice is heard, in words; null: one is
 */
public record CueReading(
        float[] face,
        float[] voice,
        Map<String, Double> claims,
        List<Analysis.ActionUnitIntensity> actionUnits,
        String unclear,
        String faceMissing,
        String voiceMissing) {
    public CueReading {
        claims = Map.copyOf(claims);
        actionUnits = List.copyOf(actionUnits);
    }

    /** Whether a face can be used. */
    public boolean hasFace() {
        return faceMissing == null;
    }

    /** A copy with another reason for a voice that is not heard. */
    public CueReading withoutVoice(String reason) {
        return new CueReading(face, voice, claims, actionUnits, unclear, faceMissing, reason);
    }

    /** Whether somebody is heard. */
    public boolean hasVoice() {
        return voiceMissing == null;
    }
}
