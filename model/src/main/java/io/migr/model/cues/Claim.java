package io.migr.model.cues;

import io.migr.model.Modality;
import io.migr.perception.voice.Arousal;
import io.migr.perception.voice.ArousalCue;
import io.migr.perception.voice.VoiceBaseline;
import io.migr.schemas.FaceExpression;
import io.migr.schemas.MeasuredUnit;
import java.util.function.ToDoubleFunction;

/**
 * Something that a text may say of what was measured in a clip. Where a measure tells something only against the same
 * person's usual, so does the claim; where it can be trusted little, the claim is hedged. Ids end in {@code >} or
 * {@code <} for above or below the usual, {@code =} for as usual, {@code ?} for hedged.
 */
public enum Claim {
    SMILE("AU12", Modality.VISUAL, clip -> shown(clip, 12)),
    MAYBE_SMILE("AU12?", Modality.VISUAL, clip -> maybe(clip, 12)),
    LIPS_PART("AU25", Modality.VISUAL, clip -> shown(clip, 25)),
    MAYBE_LIPS_PART("AU25?", Modality.VISUAL, clip -> maybe(clip, 25)),
    JAW_DROP("AU26", Modality.VISUAL, clip -> shown(clip, 26)),
    MAYBE_JAW_DROP("AU26?", Modality.VISUAL, clip -> maybe(clip, 26)),
    EYES_CLOSED("AU43", Modality.VISUAL, clip -> shown(clip, 43)),
    MAYBE_EYES_CLOSED("AU43?", Modality.VISUAL, clip -> maybe(clip, 43)),
    INNER_BROWS_UP("AU1>", Modality.VISUAL, clip -> raised(clip, 1)),
    OUTER_BROWS_UP("AU2>", Modality.VISUAL, clip -> raised(clip, 2)),
    BROWS_DOWN("AU4>", Modality.VISUAL, clip -> raised(clip, 4)),
    LIDS_UP("AU5>", Modality.VISUAL, clip -> raised(clip, 5)),
    LIP_CORNERS_DOWN("AU15>", Modality.VISUAL, clip -> raised(clip, 15)),
    CHIN_UP("AU17>", Modality.VISUAL, clip -> raised(clip, 17)),
    LIPS_PRESSED("AU24>", Modality.VISUAL, clip -> raised(clip, 24)),
    STILL("STILL", Modality.VISUAL, Claim::still),
    POOR_VIEW("POORVIEW", Modality.VISUAL, Claim::poorView),
    NO_FACE("NOFACE", Modality.VISUAL, clip -> clip.hasFace() ? 0 : 1),

    PITCH_UP("PITCH>", Modality.AUDIO, clip -> above(clip, ArousalCue.F0_MEDIAN, 1)),
    PITCH_DOWN("PITCH<", Modality.AUDIO, clip -> above(clip, ArousalCue.F0_MEDIAN, -1)),
    RANGE_UP("RANGE>", Modality.AUDIO, clip -> above(clip, ArousalCue.F0_RANGE, 1)),
    RANGE_DOWN("RANGE<", Modality.AUDIO, clip -> above(clip, ArousalCue.F0_RANGE, -1)),
    LEVEL_UP("LEVEL>", Modality.AUDIO, clip -> above(clip, ArousalCue.LEVEL, 1)),
    LEVEL_DOWN("LEVEL<", Modality.AUDIO, clip -> above(clip, ArousalCue.LEVEL, -1)),
    BRIGHT_UP("BRIGHT>", Modality.AUDIO, clip -> above(clip, ArousalCue.ALPHA_RATIO, 1)),
    BRIGHT_DOWN("BRIGHT<", Modality.AUDIO, clip -> above(clip, ArousalCue.ALPHA_RATIO, -1)),
    AROUSED("AROUSAL>", Modality.AUDIO, clip -> sounds(clip, Arousal.Level.RAISED)),
    CALM("AROUSAL<", Modality.AUDIO, clip -> sounds(clip, Arousal.Level.LOWERED)),
    AS_USUAL("AROUSAL=", Modality.AUDIO, clip -> sounds(clip, Arousal.Level.USUAL)),
    NO_USUAL("NOUSUAL", Modality.AUDIO, Claim::noUsual),
    PAUSES("PAUSES+", Modality.AUDIO, Claim::pauses),
    EVENT(
            "EVENT",
            Modality.AUDIO,
            clip -> clip.hasVoice() && !clip.voice().getEvents().isEmpty() ? 1 : 0),
    LAUGHTER("LAUGH?", Modality.AUDIO, clip -> laughs(clip) ? 1 : 0),
    SPEAKS("SPEAKS", Modality.AUDIO, clip -> clip.speaks() ? 0.1 : 0),
    NO_VOICE("NOVOICE", Modality.AUDIO, clip -> clip.hasVoice() ? 0 : 1);

    /** How far a relative unit must be above the usual, of its range of 0..1. */
    static final double RAISED = 0.2;

    /** Below it a measure is hedged, or not mentioned at all below {@link #UNRELIABLE}. */
    private static final double RELIABLE = 0.35;

    private static final double UNRELIABLE = 0.1;
    /** Values of an absolute unit from which on it may be shown, and from which on it is: 0.5 is the nets' threshold. */
    private static final double NEARLY_SHOWN = 0.4;

    private static final double CLEARLY_SHOWN = 0.55;

    private static final double MARKED = 1;
    private static final double LONG_PAUSES = 0.35;
    /** What the reliability of unit 12 falls below in a poor view, of 0.9 in a good one. */
    private static final double POOR = 0.45;

    private final String id;
    private final Modality modality;
    private final ToDoubleFunction<ClipCues> strength;

    Claim(String id, Modality modality, ToDoubleFunction<ClipCues> strength) {
        this.id = id;
        this.modality = modality;
        this.strength = strength;
    }

    public String id() {
        return id;
    }

    public Modality modality() {
        return modality;
    }

    /** How strongly it holds, 0..1; 0: it may not be said. */
    public double strength(ClipCues clip) {
        return strength.applyAsDouble(clip);
    }

    private static double shown(ClipCues clip, int unit) {
        return clip.unit(unit)
                .filter(one -> one.getValue() >= CLEARLY_SHOWN && one.getReliability() >= RELIABLE)
                .map(one -> (double) one.getValue())
                .orElse(0.0);
    }

    private static double maybe(ClipCues clip, int unit) {
        return clip.unit(unit)
                .filter(one ->
                        one.getValue() >= NEARLY_SHOWN && one.getReliability() >= UNRELIABLE && shown(clip, unit) == 0)
                .map(one -> 0.5 * one.getValue())
                .orElse(0.0);
    }

    private static double raised(ClipCues clip, int unit) {
        double difference = clip.difference(unit);
        return difference >= RAISED && !isBadlySeen(clip) ? Math.min(1, 0.3 + difference) : 0;
    }

    private static boolean isBadlySeen(ClipCues clip) {
        return clip.unit(12).map(MeasuredUnit::getReliability).orElse(0f) < RELIABLE;
    }

    private static double still(ClipCues clip) {
        if (!clip.hasFace() || isBadlySeen(clip) || !isCalledNeutral(clip)) {
            return 0;
        }
        for (Claim claim : values()) {
            if (claim == STILL) {
                return 0.3;
            }
            if (claim.strength(clip) > 0) {
                return 0;
            }
        }
        return 0;
    }

    private static boolean isCalledNeutral(ClipCues clip) {
        FaceExpression expression = clip.face().getExpression();
        return expression == null || expression.getNeutral() >= 0.5;
    }

    private static double poorView(ClipCues clip) {
        return clip.hasFace() && clip.unit(12).map(MeasuredUnit::getReliability).orElse(0f) < POOR ? 0.2 : 0;
    }

    private static double above(ClipCues clip, ArousalCue cue, int sign) {
        if (!clip.speaks()) {
            return 0;
        }
        double difference = sign * clip.difference(cue, clip.usualVoice());
        return difference >= MARKED ? Math.min(1, difference / 3) : 0;
    }

    private static double sounds(ClipCues clip, Arousal.Level level) {
        return clip.arousal().level() == level ? 0.9 : 0;
    }

    private static double noUsual(ClipCues clip) {
        VoiceBaseline usual = clip.usualVoice();
        return clip.speaks() && (usual == null || usual.speechSeconds() < VoiceBaseline.USEFUL_SECONDS) ? 0.2 : 0;
    }

    private static double pauses(ClipCues clip) {
        return clip.speaks()
                        && clip.voice().getPauseShare() != null
                        && clip.voice().getPauseShare().getValue() >= LONG_PAUSES
                ? 0.4
                : 0;
    }

    private static boolean laughs(ClipCues clip) {
        return clip.hasVoice() && Boolean.TRUE.equals(clip.voice().getPossibleLaughter());
    }
}
