package io.migr.corpus;

import io.migr.model.Emotion;

/**
 * The consistency test of emotion-consistent augmentation: whether the action units of a face agree with the emotion
 * its clip is labelled with.
 *
 * <pre>
 * c(AU, y) = sum of I_k over k in core(y)  -  0.5 * sum of I_k over k in against(y),     consistent when c >= c0(y)
 * </pre>
 *
 * I_k is the intensity of unit k, 0..1; core(y) and against(y) are the units that {@link DrawnFaceCues} lists for the
 * emotion y. For neutral, every unit except parted lips (which also part in speech) counts against it. c0(y) is
 * {@value #SHARE} times the score of a face that shows the whole core at medium intensity; for neutral it is the
 * penalty of two slight units.
 */
public final class FaceConsistency {
    private static final double AGAINST = 0.5;
    private static final double SHARE = 0.5;
    private static final double MEDIUM = 0.55;
    private static final double SLIGHT = 0.30;

    private FaceConsistency() {}

    /** The score c(AU, y); {@code intensities} are in the order of {@link DrawnFaceCues#UNITS}. */
    public static double score(double[] intensities, Emotion emotion) {
        double score = 0;
        for (int i = 0; i < DrawnFaceCues.UNITS.length; i++) {
            int unit = DrawnFaceCues.UNITS[i];
            score += DrawnFaceCues.core(emotion, unit) ? intensities[i] : 0;
            score -= DrawnFaceCues.against(emotion, unit) ? AGAINST * intensities[i] : 0;
        }
        return score;
    }

    /** The threshold c0(y), the lowest score of a face that agrees with the emotion. */
    public static double threshold(Emotion emotion) {
        long core = java.util.Arrays.stream(DrawnFaceCues.UNITS)
                .filter(unit -> DrawnFaceCues.core(emotion, unit))
                .count();
        return core == 0 ? -AGAINST * 2 * SLIGHT : SHARE * MEDIUM * core;
    }

    /** Whether the face of a clip agrees with its label: c >= c0. Also true for a clip without a face. */
    public static boolean holds(CueAnnotation clip) {
        return clip.intensities() == null || score(clip.intensities(), clip.label()) >= threshold(clip.label());
    }
}
