package io.migr.perception.face;

import java.util.function.ToDoubleFunction;

/**
 * The action units that can be measured, and how well. A unit's cue is brought to 0..1 by two straight lines, so that
 * 0.5 is the cue that best divides absent from present on pictures of many people.
 *
 * <p>Reliability follows from labelled pictures (areas under the ROC curve: 25 1.00; 12, 26 and 43 .99; 1 and 2 .96;
 * 15 to 24 about .9; 4 .7). Lid tightener (7) and nose wrinkler (9) cannot be told and are never given. 6 is the raised
 * cheek of a smile: it cannot be told apart from 12. 26 is also opened by speech, 43 also seen when somebody looks down.
 */
enum ActionUnit {
    INNER_BROW_RAISER(1, true, 0.5, 0, 0.3, 1, face -> face.of("browInnerUp")),
    OUTER_BROW_RAISER(2, true, 0.5, 0, 0.4, 1, face -> face.both("browOuterUp")),
    BROW_LOWERER(4, true, 0.15, -0.6, -0.22, 0, face -> -face.innerBrowHeight()),
    UPPER_LID_RAISER(5, true, 0.2, 0, 0.15, 0.5, face -> face.both("eyeWide")),
    CHEEK_RAISER(6, false, 0.3, 0, 0.4, 1, face -> Math.min(face.both("mouthSmile"), face.both("eyeSquint"))),
    LIP_CORNER_PULLER(12, false, 0.9, 0, 0.35, 1, face -> face.both("mouthSmile")),
    LIP_CORNER_DEPRESSOR(15, true, 0.2, 0, 0.1, 0.5, face -> face.both("mouthFrown")),
    CHIN_RAISER(17, true, 0.2, 0, 0.3, 1, face -> face.of("mouthShrugLower")),
    LIP_PRESSOR(24, true, 0.2, 0, 0.4, 1, face -> face.both("mouthPress")),
    LIPS_PART(25, false, 0.95, 0, 0.1, 0.6, FaceShape::lipGap),
    JAW_DROP(26, false, 0.8, 0, 0.25, 1, face -> face.of("jawOpen")),
    EYES_CLOSED(43, false, 0.8, 0, 0.42, 1, face -> face.both("eyeBlink"));

    private final int number;
    private final boolean relative;
    private final double reliability;
    private final double low;
    private final double middle;
    private final double high;
    private final ToDoubleFunction<FaceShape> cue;

    ActionUnit(
            int number,
            boolean relative,
            double reliability,
            double low,
            double middle,
            double high,
            ToDoubleFunction<FaceShape> cue) {
        this.number = number;
        this.relative = relative;
        this.reliability = reliability;
        this.low = low;
        this.middle = middle;
        this.high = high;
        this.cue = cue;
    }

    /** Its number in the Facial Action Coding System. */
    int number() {
        return number;
    }

    /** Whether the value says something only against the same person's usual one. */
    boolean relative() {
        return relative;
    }

    /**
     * How well it can be told, 0..1.
     *
     * @param quality of the view of the face, 0..1
     * @param pitch of the head in degrees: lowered lids look closed
     */
    double reliability(double quality, double pitch) {
        double open = this == EYES_CLOSED ? 1 - Math.max(0, Math.min(1, (-pitch - 10) / 20)) : 1;
        return reliability * quality * open;
    }

    double cue(FaceShape face) {
        return cue.applyAsDouble(face);
    }

    /** 0..1; 0.5 divides absent from present. */
    double value(FaceShape face) {
        double cue = cue(face);
        double value = cue < middle ? 0.5 * (cue - low) / (middle - low) : 0.5 + 0.5 * (cue - middle) / (high - middle);
        return Math.max(0, Math.min(1, value));
    }
}
