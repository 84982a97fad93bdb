package io.migr.perception.face;

/** What a face looks like. {@link #OTHER} is disgust or fear. */
enum Expression {
    HAPPY,
    NEUTRAL,
    SURPRISE,
    SAD,
    ANGRY,
    OTHER;

    /** Probabilities in the order of the constants from those of the expression net. */
    static double[] ofNet(float[] p) {
        return new double[] {p[1], p[0], p[6], p[2], p[3], p[4] + p[5]};
    }

    /**
     * Probabilities in the order of the constants, by rules: monotone evidence for each expression, then a softmax.
     * They were set by hand; sad, angry and other are not validated.
     */
    static double[] ofRules(FaceShape face) {
        double smile = share(face.both("mouthSmile"), 0.15, 0.5);
        double inner = share(face.of("browInnerUp"), 0.15, 0.4);
        double outer = share(face.both("browOuterUp"), 0.2, 0.5);
        double gap = share(face.lipGap(), 0.15, 0.45);
        double wide = share(face.both("eyeWide"), 0.02, 0.15);
        double frown = share(face.both("mouthFrown"), 0.02, 0.2);
        double chin = share(face.of("mouthShrugLower"), 0.15, 0.5);
        double press = share(face.both("mouthPress"), 0.3, 0.7);
        double lowered = share(-face.innerBrowHeight(), -0.3, -0.18);
        double highInner = share(face.of("browInnerUp"), 0.3, 0.8);
        double down = share(face.both("browDown"), 0.15, 0.6);
        double sneer = share(face.both("noseSneer"), 0.05, 0.3);
        double lip = share(face.both("mouthUpperUp"), 0.2, 0.6);
        double raised = Math.max(Math.min(inner, outer), 0.8 * inner);
        return softmax(
                5 * smile - 1.5,
                1.5,
                1.2 * raised * (0.4 + 0.6 * gap) + 2.2 * gap * Math.max(wide, inner) + 1.2 * wide - 3 * smile - 0.8,
                1.8 * frown + 1.2 * chin + highInner * (1 - gap) - 2 * smile - 1,
                2.2 * down + lowered + 0.8 * press - 2 * smile - 1.3,
                2 * sneer + lip - 3 * smile - 1.5);
    }

    private static double share(double value, double low, double high) {
        return Math.max(0, Math.min(1, (value - low) / (high - low)));
    }

    private static double[] softmax(double... scores) {
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.exp(scores[i]);
            sum += scores[i];
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i] /= sum;
        }
        return scores;
    }
}
