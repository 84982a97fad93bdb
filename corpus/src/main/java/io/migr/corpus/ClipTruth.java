package io.migr.corpus;

import io.migr.corpus.DrawnVoiceCues.Voice;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import java.util.SplittableRandom;

/**
 * What is true of one clip of the corpus.
 *
 * @param seed identifies the clip, and the clip is generated from it
 * @param regime how face and voice share the evidence
 * @param genuine the emotion that the cues were drawn for
 * @param label the annotated emotion: the genuine one, except that 5 % of surprise and fear labels are swapped
 * @param units which of {@link DrawnFaceCues#UNITS} are visible; null: no face in the picture
 * @param intensities per unit 0..1, 0 where it is not visible; null when {@code units} is null
 * @param voice null: nobody speaks
 * @param oracle the modality that truly leads
 */
public record ClipTruth(
        long seed,
        Regime regime,
        Emotion genuine,
        Emotion label,
        boolean[] units,
        double[] intensities,
        Voice voice,
        Dominance oracle)
        implements CueAnnotation {
    static final double STRONG = 0.8;
    static final double WEAK = 0.4;
    /** In a modality that is meant to be ambiguous, no emotion may have a higher probability than this. */
    static final double UNDECIDED = 0.5;

    static final double BALANCED_FLOOR = 0.65;
    static final double BALANCED_GAP = 0.15;
    private static final double LABEL_NOISE = 0.05;
    /** Most draws tried until one meets the regime's rule; a few dozen usually suffice. */
    private static final int TRIES = 20_000;

    private static final double[] LEVELS = {0.30, 0.55, 0.80, 1.0};
    private static final double[] LEVEL_SHARES = {0.20, 0.35, 0.30, 0.15};

    /** Draws the truth of a seed; the same seed gives the same truth. */
    public static ClipTruth of(long seed) {
        Split.of(seed);
        // mix the seed first: the generator steps by a constant, so seeds a multiple of it apart would share draws
        SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong());
        Regime regime = regime(random);
        Cues cues = Cues.draw(regime, random);
        Emotion label = cues.genuine();
        if (random.nextDouble() < LABEL_NOISE) {
            label = switch (label) {
                case SURPRISE -> Emotion.FEAR;
                case FEAR -> Emotion.SURPRISE;
                default -> label;
            };
        }
        double[] intensities = cues.units() == null ? null : intensities(cues, regime, random);
        return new ClipTruth(
                seed, regime, cues.genuine(), label, cues.units(), intensities, cues.voice(), cues.oracle());
    }

    private static Regime regime(SplittableRandom random) {
        double draw = random.nextDouble();
        for (Regime regime : Regime.values()) {
            draw -= regime.share();
            if (draw < 0) {
                return regime;
            }
        }
        return Regime.CONFLICTING;
    }

    private static double[] intensities(Cues cues, Regime regime, SplittableRandom random) {
        double[] intensities = new double[cues.units().length];
        for (int i = 0; i < intensities.length; i++) {
            double draw = random.nextDouble();
            int level = 0;
            while (level < LEVELS.length - 1 && draw >= LEVEL_SHARES[level]) {
                draw -= LEVEL_SHARES[level++];
            }
            // in conflicting clips the genuine face is always strong
            level = regime == Regime.CONFLICTING ? Math.max(level, 2) : level;
            intensities[i] = cues.units()[i] ? LEVELS[level] : 0;
        }
        return intensities;
    }

    @Override
    public Source source() {
        return Source.TRUE;
    }

    @Override
    public Dominance leads() {
        return oracle;
    }

    /** p(y | face) under a uniform prior; null without a face. */
    public Posterior faceAlone() {
        return units == null ? null : Posterior.of(y -> DrawnFaceCues.logLikelihood(units, y));
    }

    /** p(y | voice) under a uniform prior; null without a voice. */
    public Posterior voiceAlone() {
        return voice == null ? null : Posterior.of(y -> DrawnVoiceCues.logLikelihood(voice, y));
    }

    /** Face, voice, genuine emotion and leading modality, drawn by the rules of a regime. */
    record Cues(Emotion genuine, boolean[] units, Voice voice, Dominance oracle) {

        static Cues draw(Regime regime, SplittableRandom random) {
            boolean masked = regime == Regime.CONFLICTING && random.nextBoolean();
            Emotion emotion = genuine(regime, masked, random);
            for (int i = 0; i < TRIES; i++) {
                Cues cues = attempt(regime, masked, emotion, random);
                if (GenerativeModel.holds(regime, masked, cues)) {
                    return cues;
                }
            }
            throw new IllegalStateException("No draw of " + emotion + " met the rule of " + regime + ".");
        }

        private static Emotion genuine(Regime regime, boolean masked, SplittableRandom random) {
            if (regime == Regime.CONFLICTING) {
                return GenerativeModel.conflicted(masked)
                        .get(random.nextInt(GenerativeModel.conflicted(masked).size()));
            }
            return Posterior.LABELS.get(random.nextInt(Posterior.LABELS.size()));
        }

        static Cues attempt(Regime regime, boolean masked, Emotion y, SplittableRandom random) {
            return switch (regime) {
                case VISUAL_DOMINANT ->
                    new Cues(y, DrawnFaceCues.draw(y, random), DrawnVoiceCues.drawAmbiguous(random), Dominance.VISUAL);
                case AUDIO_DOMINANT ->
                    new Cues(y, DrawnFaceCues.drawAmbiguous(random), DrawnVoiceCues.draw(y, random), Dominance.AUDIO);
                case BALANCED ->
                    new Cues(y, DrawnFaceCues.draw(y, random), DrawnVoiceCues.draw(y, random), Dominance.BALANCED);
                case SPEECHLESS -> new Cues(y, DrawnFaceCues.draw(y, random), null, Dominance.VISUAL);
                case FACE_HIDDEN -> new Cues(y, null, DrawnVoiceCues.draw(y, random), Dominance.AUDIO);
                case CONFLICTING ->
                    masked
                            ? new Cues(
                                    y, DrawnFaceCues.drawMask(random), DrawnVoiceCues.draw(y, random), Dominance.AUDIO)
                            : new Cues(
                                    y,
                                    DrawnFaceCues.draw(y, random),
                                    DrawnVoiceCues.draw(Emotion.NEUTRAL, random),
                                    Dominance.VISUAL);
            };
        }
    }
}
