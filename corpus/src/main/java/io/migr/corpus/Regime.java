package io.migr.corpus;

import java.util.Locale;

/** How face and voice share the evidence of a clip. */
public enum Regime {
    /** The face shows the emotion, the voice could be several. */
    VISUAL_DOMINANT(0.30),
    /** The voice tells the emotion, the face could be several. */
    AUDIO_DOMINANT(0.25),
    /** Both tell it alike. */
    BALANCED(0.20),
    /** Nobody speaks. */
    SPEECHLESS(0.10),
    /** The face is out of the picture or covered. */
    FACE_HIDDEN(0.05),
    /** Face and voice point to different emotions and one of them is genuine. */
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
