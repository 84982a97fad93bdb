package io.migr.corpus.people;

import io.migr.schemas.FaceView;
import java.util.SplittableRandom;

/**
 * How a person is seen in a clip, whatever the face shows.
 *
 * @param pictures whether there are pictures
 * @param view null: no face was found
 * @param absentReason why the face cannot be used, as perception words it; null: it can
 * @param faces the most faces in one frame
 */
record Sight(boolean pictures, FaceView view, String absentReason, int faces) {
    private static final String[] KINDS = {
        "clear", "poor light", "dark", "small", "turned", "cut off", "turned away", "outside", "no face", "no pictures"
    };
    private static final double[] SHARES = shares();
    private static final double SEVERAL = PeopleNoise.number("views", "severalFaces");
    private static final double CUT_OFF = 0.6;

    private static double[] shares() {
        double[] shares = new double[KINDS.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = PeopleNoise.number("views", KINDS[i]);
        }
        return shares;
    }

    static Sight draw(SplittableRandom random) {
        return draw(KINDS[Densities.index(SHARES, random)], random);
    }

    /** A sight of a kind: a row of {@code views} of the data file. */
    static Sight draw(String kind, SplittableRandom random) {
        if (kind.equals("no pictures")) {
            return new Sight(false, null, "there are no pictures", 0);
        }
        if (kind.equals("no face")) {
            return new Sight(true, null, "no face was found", 0);
        }
        double side = random.nextBoolean() ? 1 : -1;
        double yaw =
                switch (kind) {
                    case "turned" -> side * between(20, 34.9, random);
                    case "turned away" -> side * between(36, 65, random);
                    default -> between(-17, 17, random);
                };
        double light =
                switch (kind) {
                    case "poor light" -> between(0.055, 0.1, random);
                    case "dark" -> between(0.022, 0.055, random);
                    default -> between(0.2, 0.65, random);
                };
        double inside =
                switch (kind) {
                    case "cut off" -> between(0.61, 0.9, random);
                    case "outside" -> between(0.3, 0.59, random);
                    default -> 1;
                };
        double width = kind.equals("small") ? between(16, 38, random) : Math.exp(between(3.9, 5.6, random));
        FaceView view = new FaceView(
                (float) yaw,
                (float) (-2 + 6 * random.nextGaussian()),
                (float) (5 * random.nextGaussian()),
                (float) between(0.35, 0.65, random),
                (float) between(0.3, 0.6, random),
                (float) width,
                (float) light,
                (float) inside);
        String reason =
                switch (kind) {
                    case "turned away" -> "the face is turned away";
                    case "outside" -> "the face is cut off by the edge of the picture";
                    default -> null;
                };
        return new Sight(true, view, reason, random.nextDouble() < SEVERAL ? 2 + random.nextInt(3) : 1);
    }

    private static double between(double low, double high, SplittableRandom random) {
        return low + (high - low) * random.nextDouble();
    }

    /** The quality of the view, 0..1, as perception rates it. */
    double quality() {
        return share(view.getLight(), 0.02, 0.1)
                * share(view.getWidth(), 10, 40)
                * (1 - share(Math.abs(view.getYaw()), 20, 35) / 2)
                * share(view.getInside(), CUT_OFF - 0.1, 0.95);
    }

    private static double share(double value, double low, double high) {
        return Math.max(0, Math.min(1, (value - low) / (high - low)));
    }
}
