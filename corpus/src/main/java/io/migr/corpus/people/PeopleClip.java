package io.migr.corpus.people;

import io.migr.corpus.people.VoiceNoise.Noise;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.cues.ClipCues;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceUsual;
import io.migr.schemas.ParticipantBaseline;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceUsual;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One clip of a person as it is measured: a pure function of the seed, so that seeds of disjoint splits give disjoint
 * clips and people.
 *
 * @param seed what it was drawn from
 * @param label what annotators would choose
 * @param cues what is measured
 * @param posterior of the labels, given the cues
 * @param leads the modality that tells most of the label
 */
public record PeopleClip(long seed, Emotion label, ClipCues cues, PeoplePosterior posterior, Dominance leads) {
    static {
        AvroSafety.set();
    }

    /** Clips whose leading modality is known by how they are made. The voice decides only in {@link #ONLY_VOICE}. */
    public enum Planted {
        /** A face that is dark, turned away or missing, and nobody speaks or nobody's usual is known. */
        BOTH_USELESS,
        /** A clear smile and laughter. */
        BOTH_DECISIVE,
        /** A clear face, and nobody speaks. */
        ONLY_FACE,
        /** No face; possible laughter, or arousal far stronger than people's. */
        ONLY_VOICE,
        /** A clear smile over another emotion, which a far stronger voice tells. */
        ONE_LIES
    }

    /** Number of people that {@link #of(int, long)} knows. */
    public static final int PEOPLE = 10;

    private static final double LOOKED_FOR = PeopleNoise.number("laughter", "lookedFor");
    private static final double NO_SOUND = PeopleNoise.number("sound", "noSound");
    private static final double SPEAKS = 1 - NO_SOUND - PeopleNoise.number("sound", "nobodySpeaks");
    private static final double[] PRIOR = PeopleNoise.LABELS.stream()
            .mapToDouble(y -> PeopleNoise.number("labels", "prior", y.word()))
            .toArray();
    private static final double[] BASELINES = {
        PeopleNoise.number("baselines", "none"),
        PeopleNoise.number("baselines", "few"),
        PeopleNoise.number("baselines", "useful"),
        PeopleNoise.number("baselines", "settled")
    };
    private static final int SETTLED = 3;

    /** The clip of a seed; the same seed gives the same clip. */
    public static PeopleClip of(long seed) {
        return draw(seed, null);
    }

    /**
     * A clip of one of {@value #PEOPLE} people whose faces at rest are measured otherwise than those of the people of
     * {@link #of(long)}: they look sad or angry, or seem to smile. Its posterior and what follows from it are those of
     * somebody who does not know the person. The same person and seed give the same clip.
     *
     * @throws IllegalArgumentException if there is no such person
     */
    public static PeopleClip of(int person, long seed) {
        return draw(seed, RestingFace.of(person));
    }

    private static PeopleClip draw(long seed, RestingFace rest) {
        SplittableRandom random = random(seed);
        int label = Densities.index(PRIOR, random);
        Sight sight = Sight.draw(random);
        double heard = random.nextDouble();
        Hearing hearing =
                heard < NO_SOUND ? Hearing.NONE : heard < NO_SOUND + SPEAKS ? Hearing.SPEECH : Hearing.SILENCE;
        Draw draw = new Draw(
                sight,
                Display.draw(label, random),
                hearing,
                VoiceNoise.PEOPLE.drawArousal(label, random),
                VoiceNoise.drawNoise(label, random),
                random.nextDouble() < LOOKED_FOR,
                Densities.index(BASELINES, random));
        return clip(seed, PeopleNoise.LABELS.get(label), draw, VoiceNoise.PEOPLE, rest, random);
    }

    private enum Hearing {
        NONE,
        SILENCE,
        SPEECH
    }

    /** Everything that is true of a clip before it is measured. */
    private record Draw(
            Sight sight,
            Display display,
            Hearing hearing,
            double arousal,
            Noise noise,
            boolean looksForLaughter,
            int baseline) {}

    private static SplittableRandom random(long seed) {
        // mixed first: the generator steps by a constant, so that seeds a multiple of it apart would share draws
        return new SplittableRandom(new SplittableRandom(seed ^ 0x50454F504C45L).nextLong());
    }

    private static PeopleClip clip(long seed, Emotion label, Draw draw, VoiceNoise noise, SplittableRandom random) {
        return clip(seed, label, draw, noise, null, random);
    }

    /** A clip; {@code rest} is null for the people that the noise describes. */
    private static PeopleClip clip(
            long seed, Emotion label, Draw draw, VoiceNoise noise, RestingFace rest, SplittableRandom random) {
        int clips =
                switch (draw.baseline()) {
                    case 0 -> 0;
                    case 1 -> 1 + random.nextInt(4);
                    case 2 -> 5 + random.nextInt(8);
                    default -> 15 + random.nextInt(31);
                };
        Speaker speaker = new Speaker(random);
        FaceUsual usualFace = FaceNoise.usual(clips, random);
        VoiceUsual usualVoice = speaker.baseline(clips, clips * (2 + 0.6 * random.nextDouble()));
        ParticipantBaseline baseline =
                clips == 0 ? null : new ParticipantBaseline(usualVoice, usualFace, false, Instant.EPOCH);
        boolean talks = draw.hearing() == Hearing.SPEECH
                || draw.hearing() == Hearing.NONE && random.nextDouble() < SPEAKS / (1 - NO_SOUND);
        FaceCues face = FaceNoise.draw(draw.display(), talks, draw.sight(), usualFace, random);
        if (rest != null && face != null && face.getAbsentReason() == null) {
            face = rest.measured(face, draw.display(), draw.sight().quality());
        }
        VoiceCues voice =
                switch (draw.hearing()) {
                    case NONE -> null;
                    case SILENCE -> speaker.silence(draw.noise(), draw.looksForLaughter());
                    case SPEECH -> speaker.speak(draw.arousal(), draw.noise(), draw.looksForLaughter());
                };
        ClipCues cues = new ClipCues(face, voice, baseline);
        PeoplePosterior posterior = PeoplePosterior.of(cues, noise);
        return new PeopleClip(seed, label, cues, posterior, posterior.leads(label));
    }

    /** A clip whose leading modality is known by how it is made. */
    public static PeopleClip planted(Planted kind, long seed) {
        SplittableRandom random = random(seed + 31L * (kind.ordinal() + 1));
        boolean coin = random.nextBoolean();
        Sight clear = Sight.draw("clear", random);
        return switch (kind) {
            case BOTH_USELESS ->
                clip(
                        seed,
                        PeopleNoise.LABELS.get(Densities.index(PRIOR, random)),
                        new Draw(
                                Sight.draw(
                                        List.of("dark", "turned away", "no face")
                                                .get(random.nextInt(3)),
                                        random),
                                Display.NEUTRAL,
                                coin ? Hearing.SILENCE : Hearing.SPEECH,
                                0,
                                Noise.NONE,
                                false,
                                0),
                        VoiceNoise.PEOPLE,
                        random);
            case BOTH_DECISIVE ->
                clip(
                        seed,
                        Emotion.HAPPY,
                        new Draw(clear, Display.HAPPY, Hearing.SPEECH, 1.5, Noise.LAUGHTER, true, SETTLED),
                        VoiceNoise.PEOPLE,
                        random);
            case ONLY_FACE -> {
                Emotion label = List.of(Emotion.HAPPY, Emotion.SURPRISE, Emotion.SAD, Emotion.ANGRY)
                        .get(random.nextInt(4));
                yield clip(
                        seed,
                        label,
                        new Draw(clear, Display.of(label), Hearing.SILENCE, 0, Noise.NONE, false, SETTLED),
                        VoiceNoise.PEOPLE,
                        random);
            }
            case ONLY_VOICE ->
                clip(
                        seed,
                        coin ? Emotion.HAPPY : Emotion.SAD,
                        new Draw(
                                Sight.draw("no face", random),
                                Display.NEUTRAL,
                                Hearing.SPEECH,
                                coin ? VoiceNoise.PLANTED.raised() : VoiceNoise.PLANTED.lowered(),
                                coin ? Noise.LAUGHTER : Noise.NONE,
                                true,
                                SETTLED),
                        VoiceNoise.PLANTED,
                        random);
            case ONE_LIES ->
                clip(
                        seed,
                        coin ? Emotion.ANGRY : Emotion.SAD,
                        new Draw(
                                clear,
                                Display.HAPPY,
                                Hearing.SPEECH,
                                coin ? VoiceNoise.PLANTED.raised() : VoiceNoise.PLANTED.lowered(),
                                Noise.NONE,
                                false,
                                SETTLED),
                        VoiceNoise.PLANTED,
                        random);
        };
    }
}
