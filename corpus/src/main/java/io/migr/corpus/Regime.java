package io.migr.corpus;

import java.util.Locale;

/** How the evidence for the emotion is split between the face and the voice of a clip. */
public enum Regime {
    /** The face shows the emotion; the voice fits several emotions. */
    VISUAL_DOMINANT(0.30),
    /** The voice conveys the emotion; the face fits several emotions. */
    AUDIO_DOMINANT(0.25),
    /** Both convey the emotion equally clearly. */
    BALANCED(0.20),
    /** Nobody speaks. */
    SPEECHLESS(0.10),
    /** The face is outside the picture or covered. */
    FACE_HIDDEN(0.05),
    /** Face and voice point to different emotions; one of the two is genuine. */
    CONFLICTING(0.10);

    private final double share;

    Regime(double share) {
        this.share = share;
    }

    /** Share of clips drawn from this regime. */
    public double share() {
        return share;
    }

    /** Lower-case name with hyphens, as reports print it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
