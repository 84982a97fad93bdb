package io.migr.corpus;

import java.awt.Color;
import java.util.SplittableRandom;

/**
 * The fixed appearance of one person: proportions, colours and light. All lengths are fractions of the picture size.
 *
 * @param width half the head's width
 * @param height half the head's height
 * @param eyeGap half the distance between the eyes
 * @param eyeSize half an eye's width
 * @param browGap distance from eye to brow
 * @param browWeight thickness of the brows
 * @param noseLength distance from the eye line to the tip of the nose
 * @param mouthWidth half the mouth's width at rest
 * @param lipWeight thickness of the lips
 */
record FaceLook(
        double width,
        double height,
        double eyeGap,
        double eyeSize,
        double browGap,
        double browWeight,
        double noseLength,
        double mouthWidth,
        double lipWeight,
        Color skin,
        Color hair,
        Color lips,
        Color iris,
        Color background,
        double light,
        boolean glasses,
        boolean longHair) {

    private static final Color[] SKINS = {
        new Color(0xf6d7c0), new Color(0xe8b998), new Color(0xd19a72), new Color(0xa86f4a), new Color(0x7a4a30)
    };
    private static final Color[] HAIRS = {
        new Color(0x1c1612), new Color(0x4a2f1b), new Color(0x8b5a2b), new Color(0xc9a465), new Color(0x7d7d7d)
    };
    private static final Color[] IRISES = {new Color(0x3b2616), new Color(0x4f6b3a), new Color(0x3d6a94)};

    /** The appearance for an identity number; {@code unusual} stretches proportions beyond the training range. */
    static FaceLook of(long identity, boolean unusual) {
        SplittableRandom random = new SplittableRandom(identity * 0x2545F4914F6CDD1DL + 99);
        double stretch = unusual ? 1.12 : 1;
        Color skin = SKINS[random.nextInt(SKINS.length)];
        return new FaceLook(
                between(random, 0.29, 0.34) * stretch,
                between(random, 0.39, 0.43),
                between(random, 0.125, 0.15),
                between(random, 0.055, 0.07),
                between(random, 0.075, 0.095) * stretch,
                between(random, 0.016, 0.026),
                between(random, 0.15, 0.18),
                between(random, 0.095, 0.12),
                between(random, 0.014, 0.022),
                skin,
                HAIRS[random.nextInt(HAIRS.length)],
                blend(skin, new Color(0x9c2f3a), between(random, 0.35, 0.6)),
                IRISES[random.nextInt(IRISES.length)],
                Color.getHSBColor((float) random.nextDouble(), 0.25f, (float) between(random, 0.45, 0.85)),
                between(random, 0.75, 1.1),
                random.nextInt(6) == 0,
                random.nextBoolean());
    }

    private static double between(SplittableRandom random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** A mix of two colours; {@code share} is the weight of the second, 0..1. */
    static Color blend(Color first, Color second, double share) {
        return new Color(
                (int) (first.getRed() + share * (second.getRed() - first.getRed())),
                (int) (first.getGreen() + share * (second.getGreen() - first.getGreen())),
                (int) (first.getBlue() + share * (second.getBlue() - first.getBlue())));
    }
}
