package io.migr.corpus.people;

import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.cues.ClipCues;

/**
 * log p(label | what was measured) of the generator of {@link PeopleClip}: Bayes' rule over displays, arousal and
 * sounds, in closed form. No model that sees the measured cues can be right more often on these clips.
 *
 * <p>Each array is in the order of {@link Emotion#DFEW}. Whether there is a face, a voice and a usual tells nothing by itself.
 *
 * @param none of the prior
 * @param face of the face alone
 * @param voice of the voice alone
 * @param both of both
 */
public record PeoplePosterior(double[] none, double[] face, double[] voice, double[] both) {
    /** Below this much evidence in nats, neither modality tells anything. */
    static final double NEITHER = 0.3;
    /** Both tell about alike up to this difference in nats, as in the importance rule of the models. */
    static final double ALIKE = 0.588;

    /** The posterior given what was measured of people. */
    public static PeoplePosterior of(ClipCues clip) {
        return of(clip, VoiceNoise.PEOPLE);
    }

    static PeoplePosterior of(ClipCues clip, VoiceNoise noise) {
        double[] face = FaceNoise.logLikelihood(clip);
        double[] voice = noise.logLikelihood(clip);
        double[] none = new double[face.length];
        return new PeoplePosterior(
                normalised(none, none), normalised(face, none), normalised(none, voice), normalised(face, voice));
    }

    private static double[] normalised(double[] face, double[] voice) {
        double[] logs = new double[face.length];
        for (int y = 0; y < logs.length; y++) {
            logs[y] = Math.log(PeopleNoise.prior(y)) + face[y] + voice[y];
        }
        double sum = Densities.logSum(logs);
        for (int y = 0; y < logs.length; y++) {
            logs[y] -= sum;
        }
        return logs;
    }

    /** p(label) of one of the four arrays. */
    public static double probability(double[] logs, Emotion label) {
        return Math.exp(logs[PeopleNoise.LABELS.indexOf(label)]);
    }

    /** The most probable label of one of the four arrays. */
    public static Emotion best(double[] logs) {
        int best = 0;
        for (int y = 1; y < logs.length; y++) {
            best = logs[y] > logs[best] ? y : best;
        }
        return PeopleNoise.LABELS.get(best);
    }

    /**
     * The modality that tells most of a label, by Shapley values of the four log-probabilities: neither below {@value
     * #NEITHER} nats in all, balanced where they differ by less than {@value #ALIKE}.
     */
    public Dominance leads(Emotion label) {
        int y = PeopleNoise.LABELS.indexOf(label);
        double byFace = 0.5 * (face[y] - none[y] + both[y] - voice[y]);
        double byVoice = 0.5 * (voice[y] - none[y] + both[y] - face[y]);
        if (byFace + byVoice < NEITHER) {
            return Dominance.NEITHER;
        }
        if (Math.abs(byFace - byVoice) < ALIKE) {
            return Dominance.BALANCED;
        }
        return byFace > byVoice ? Dominance.VISUAL : Dominance.AUDIO;
    }
}
