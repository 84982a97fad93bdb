package io.migr.model.cues;

import io.migr.model.Analysis.ActionUnitIntensity;
import io.migr.model.CueReading;
import io.migr.perception.face.FaceBaseline;
import io.migr.perception.voice.Arousal;
import io.migr.perception.voice.ArousalCue;
import io.migr.perception.voice.VoiceBaseline;
import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceExpression;
import io.migr.schemas.MeasuredUnit;
import io.migr.schemas.ParticipantBaseline;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceMeasure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured in one clip, and what is usual for the same person.
 *
 * @param face null: there are no pictures
 * @param voice null: there is no sound
 * @param baseline of the clips before; null: none
 */
public record ClipCues(FaceCues face, VoiceCues voice, ParticipantBaseline baseline) {
    /** Value from which on an absolute unit counts as shown: that which divides absent from present. */
    static final double SHOWN = 0.5;

    /** Probability of a sad look from which on a smile is doubted. */
    private static final double SAD = 0.2;

    /** The form that a model reads, for training and serving alike. */
    public CueReading reading() {
        Map<String, Double> claims = new LinkedHashMap<>();
        for (Claim claim : Claim.values()) {
            double strength = claim.strength(this);
            if (strength > 0) {
                claims.put(claim.id(), strength);
            }
        }
        return new CueReading(
                FaceRows.of(this), VoiceRows.of(this), claims, shownUnits(), unclear(), faceMissing(), voiceMissing());
    }

    /**
     * Why a usable face cannot be read, in words; null: it can. Somebody who weeps may have the mouth of a smile, and
     * even look happy to the rules: only brows and the look of the face tell.
     */
    String unclear() {
        if (Claim.POOR_VIEW.strength(this) > 0) {
            return "the face is too dark, too small or too far outside the picture";
        }
        FaceExpression look = hasFace() ? face.getExpression() : null;
        boolean smiles = unit(12).map(unit -> unit.getValue() >= SHOWN).orElse(false);
        boolean brows = unit(1).map(unit -> unit.getValue() >= SHOWN).orElse(false)
                || unit(4).map(unit -> unit.getValue() >= SHOWN).orElse(false);
        return look != null && smiles && brows && look.getSad() >= SAD
                ? "the mouth smiles, but the brows and the look of the face do not"
                : null;
    }

    /** Why no face is usable, in words; null: one is. */
    String faceMissing() {
        return face == null ? "there are no pictures" : face.getAbsentReason();
    }

    /** Why nobody is heard, in words; null: somebody is. */
    String voiceMissing() {
        if (voice == null) {
            return "there is no sound";
        }
        return voice.getSpeech().isEmpty() && voice.getEvents().isEmpty() ? "nobody speaks" : null;
    }

    boolean hasFace() {
        return faceMissing() == null;
    }

    /** Whether somebody is heard. */
    public boolean hasVoice() {
        return voiceMissing() == null;
    }

    boolean speaks() {
        return voice != null && !voice.getSpeech().isEmpty();
    }

    /** The unit with a FACS number; empty if it was not measured on a usable face. */
    Optional<MeasuredUnit> unit(int actionUnit) {
        return hasFace()
                ? face.getUnits().stream()
                        .filter(unit -> unit.getActionUnit() == actionUnit)
                        .findFirst()
                : Optional.empty();
    }

    /** How far a relative unit is above this person's usual value; NaN if either is unknown. */
    double difference(int actionUnit) {
        if (baseline == null || baseline.getFace() == null) {
            return Double.NaN;
        }
        var usual = new FaceBaseline(baseline.getFace()).usual(actionUnit);
        Optional<MeasuredUnit> unit = unit(actionUnit);
        return unit.isEmpty() || !unit.get().getRelative() || usual.isEmpty()
                ? Double.NaN
                : unit.get().getValue() - usual.getAsDouble();
    }

    /** The person's usual voice; null: unknown. */
    public VoiceBaseline usualVoice() {
        return baseline == null || baseline.getVoice() == null ? null : VoiceBaseline.of(baseline.getVoice());
    }

    /**
     * How far the voice is above the person's usual, in standard deviations of such differences; NaN if either is
     * unknown.
     *
     * @param usual {@link #usualVoice}, which is made anew at each call
     */
    double difference(ArousalCue cue, VoiceBaseline usual) {
        VoiceMeasure measure = cue.measure(voice);
        return usual == null || measure == null
                ? Double.NaN
                : usual.difference(cue, measure.getValue()) / cue.deviation();
    }

    Arousal arousal() {
        return speaks() ? Arousal.of(voice, usualVoice()) : new Arousal(Arousal.Level.CANNOT_TELL, Double.NaN);
    }

    private List<ActionUnitIntensity> shownUnits() {
        List<ActionUnitIntensity> shown = new ArrayList<>();
        for (MeasuredUnit unit : hasFace() ? face.getUnits() : List.<MeasuredUnit>of()) {
            boolean relative = unit.getRelative();
            if (relative ? difference(unit.getActionUnit()) >= Claim.RAISED : unit.getValue() >= SHOWN) {
                shown.add(new ActionUnitIntensity(unit.getActionUnit(), unit.getValue()));
            }
        }
        shown.sort(Comparator.comparing(unit -> -unit.intensity()));
        return shown;
    }
}
