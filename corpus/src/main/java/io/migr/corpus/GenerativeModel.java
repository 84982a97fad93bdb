package io.migr.corpus;

import io.migr.corpus.ClipTruth.Cues;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * The clip generator as a probability model. It gives the best prediction that the true cues of a clip allow:
 *
 * <pre>
 * p(y | cues) ~ sum over regimes r of share_r p(y | r) p(face | y, r) p(voice | y, r) 1[rule_r] / Z_{r,y}
 * </pre>
 *
 * where ~ means proportional to, and Z is the probability that a draw meets the regime's rule, estimated once from
 * {@value #DRAWS} draws with a fixed seed. The presence of a face and of a voice is part of the cues.
 */
public final class GenerativeModel {
    private static final int DRAWS = 4_000;
    private static final List<Emotion> MASKED = List.of(Emotion.SAD, Emotion.ANGRY);
    private static final List<Emotion> POLITE =
            List.of(Emotion.HAPPY, Emotion.SAD, Emotion.ANGRY, Emotion.SURPRISE, Emotion.DISGUST, Emotion.FEAR);

    /** A regime; the conflicting one has two forms: a smile ({@code masked}) or a neutral voice hides the emotion. */
    private record Form(Regime regime, boolean masked, double share, List<Emotion> emotions) {
        Dominance leads() {
            return switch (regime) {
                case VISUAL_DOMINANT, SPEECHLESS -> Dominance.VISUAL;
                case AUDIO_DOMINANT, FACE_HIDDEN -> Dominance.AUDIO;
                case BALANCED -> Dominance.BALANCED;
                case CONFLICTING -> masked ? Dominance.AUDIO : Dominance.VISUAL;
            };
        }
    }

    private static final List<Form> FORMS = List.of(
            new Form(Regime.VISUAL_DOMINANT, false, Regime.VISUAL_DOMINANT.share(), Posterior.LABELS),
            new Form(Regime.AUDIO_DOMINANT, false, Regime.AUDIO_DOMINANT.share(), Posterior.LABELS),
            new Form(Regime.BALANCED, false, Regime.BALANCED.share(), Posterior.LABELS),
            new Form(Regime.SPEECHLESS, false, Regime.SPEECHLESS.share(), Posterior.LABELS),
            new Form(Regime.FACE_HIDDEN, false, Regime.FACE_HIDDEN.share(), Posterior.LABELS),
            new Form(Regime.CONFLICTING, true, Regime.CONFLICTING.share() / 2, MASKED),
            new Form(Regime.CONFLICTING, false, Regime.CONFLICTING.share() / 2, POLITE));

    /** Acceptance rate of each form and emotion; computed on first use because it takes a second. */
    private static final class Acceptance {
        private static final double[][] RATES = FORMS.stream()
                .map(form -> form.emotions().stream()
                        .mapToDouble(y -> acceptance(form, y))
                        .toArray())
                .toArray(double[][]::new);
    }

    private static double acceptance(Form form, Emotion y) {
        SplittableRandom random = new SplittableRandom(17 + y.ordinal());
        int held = 0;
        for (int i = 0; i < DRAWS; i++) {
            Cues cues = Cues.attempt(form.regime(), form.masked(), y, random);
            held += holds(form.regime(), form.masked(), cues) ? 1 : 0;
        }
        return Math.max(held, 0.5) / DRAWS;
    }

    /** The genuine emotions of conflicting clips: those hidden by a smile, or those hidden by a neutral voice. */
    static List<Emotion> conflicted(boolean masked) {
        return masked ? MASKED : POLITE;
    }

    /** Whether cues meet the rule of their regime. */
    static boolean holds(Regime regime, boolean masked, Cues cues) {
        Emotion y = cues.genuine();
        Posterior face = cues.units() == null ? null : Posterior.of(e -> DrawnFaceCues.logLikelihood(cues.units(), e));
        Posterior voice =
                cues.voice() == null ? null : Posterior.of(e -> DrawnVoiceCues.logLikelihood(cues.voice(), e));
        return switch (regime) {
            case VISUAL_DOMINANT -> face.of(y) >= ClipTruth.STRONG && undecided(voice, y);
            case AUDIO_DOMINANT -> voice.of(y) >= ClipTruth.STRONG && undecided(face, y);
            case BALANCED ->
                face.of(y) >= ClipTruth.BALANCED_FLOOR
                        && voice.of(y) >= ClipTruth.BALANCED_FLOOR
                        && Math.abs(face.of(y) - voice.of(y)) < ClipTruth.BALANCED_GAP;
            case SPEECHLESS -> face.of(y) >= ClipTruth.STRONG;
            case FACE_HIDDEN -> voice.of(y) >= ClipTruth.STRONG;
            case CONFLICTING ->
                masked
                        ? voice.of(y) >= ClipTruth.STRONG
                        : face.of(y) >= ClipTruth.STRONG && voice.of(Emotion.NEUTRAL) >= ClipTruth.STRONG;
        };
    }

    private static boolean undecided(Posterior weak, Emotion y) {
        return weak.of(y) <= ClipTruth.WEAK && weak.peak() <= ClipTruth.UNDECIDED;
    }

    /** p(genuine emotion | true cues) under the whole generator. */
    public Posterior posterior(ClipTruth clip) {
        return Posterior.of(y -> Math.log(evidence(clip, y, form -> true)));
    }

    /**
     * The modality that most probably leads, given the true cues but not the label. No order chosen without the label
     * can be right more often. The balanced regime is not considered.
     */
    public Dominance leads(ClipTruth clip) {
        double face = 0;
        double voice = 0;
        for (Emotion y : Posterior.LABELS) {
            face += evidence(clip, y, form -> form.leads() == Dominance.VISUAL);
            voice += evidence(clip, y, form -> form.leads() == Dominance.AUDIO);
        }
        return face >= voice ? Dominance.VISUAL : Dominance.AUDIO;
    }

    private double evidence(ClipTruth clip, Emotion y, Predicate<Form> among) {
        double sum = 0;
        for (int f = 0; f < FORMS.size(); f++) {
            Form form = FORMS.get(f);
            int row = form.emotions().indexOf(y);
            boolean fits = (clip.units() == null) == (form.regime() == Regime.FACE_HIDDEN)
                    && (clip.voice() == null) == (form.regime() == Regime.SPEECHLESS);
            if (row >= 0
                    && among.test(form)
                    && fits
                    && holds(form.regime(), form.masked(), new Cues(y, clip.units(), clip.voice(), null))) {
                double density = Math.exp(face(form, clip, y) + voice(form, clip, y));
                sum += form.share() / form.emotions().size() * density / Acceptance.RATES[f][row];
            }
        }
        return sum;
    }

    private static double face(Form form, ClipTruth clip, Emotion y) {
        if (clip.units() == null) {
            return 0;
        }
        if (form.masked()) {
            return DrawnFaceCues.logLikelihoodMask(clip.units());
        }
        return form.regime() == Regime.AUDIO_DOMINANT
                ? DrawnFaceCues.logLikelihoodAmbiguous(clip.units())
                : DrawnFaceCues.logLikelihood(clip.units(), y);
    }

    private static double voice(Form form, ClipTruth clip, Emotion y) {
        if (clip.voice() == null) {
            return 0;
        }
        if (form.regime() == Regime.VISUAL_DOMINANT) {
            return DrawnVoiceCues.logLikelihoodAmbiguous(clip.voice());
        }
        boolean polite = form.regime() == Regime.CONFLICTING && !form.masked();
        return DrawnVoiceCues.logLikelihood(clip.voice(), polite ? Emotion.NEUTRAL : y);
    }
}
