package io.migr.corpus;

import io.migr.corpus.FacePainter.Pose;
import io.migr.corpus.VoiceSynthesizer.Sound;
import java.awt.image.BufferedImage;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * The picture and sound of a clip: three seconds of one person, a pure function of the seed and of the capture
 * conditions. Not thread-safe.
 *
 * <p>Action units rise from rest within 0.2 to 0.6 s, hold, and may fall again. The person blinks, sways and opens the
 * mouth while speaking, which looks like AU 25 and 26 but does not count as them.
 */
public final class Clip {
    public static final double SECONDS = 3;
    public static final int FRAMES_PER_SECOND = 25;
    /** Sound samples per second. */
    public static final int SAMPLE_RATE = VoiceSynthesizer.RATE;

    /** Different faces and voices in a split. */
    public static final int PEOPLE = 400;

    private final ClipTruth truth;
    private final Capture capture;
    private final FaceLook face;
    private final VoiceLook voice;
    private final double snrDb;
    private final double onset;
    private final double rise;
    private final double fall;
    private final double blink;
    private final double[] sway;
    private final boolean away;
    private final long soundSeed;
    private Sound sound;

    private Clip(ClipTruth truth, Capture capture, OptionalInt person) {
        this.truth = truth;
        this.capture = capture;
        Split split = Split.of(truth.seed());
        SplittableRandom random = new SplittableRandom(truth.seed() * 0xBF58476D1CE4E5B9L + 31);
        boolean unusual = split == Split.OOD;
        face = FaceLook.of(split.ordinal() * 10_000L + person.orElse(random.nextInt(PEOPLE)), unusual);
        voice = VoiceLook.of(split.ordinal() * 10_000L + person.orElse(random.nextInt(PEOPLE)));
        snrDb = unusual ? 0 : 5 + 25 * random.nextDouble();
        onset = 0.1 + 0.3 * random.nextDouble();
        rise = 0.2 + 0.4 * random.nextDouble();
        fall = random.nextInt(3) == 0 ? SECONDS - 0.7 : SECONDS + 1;
        blink = 0.3 + 2.4 * random.nextDouble();
        sway = new double[] {
            0.02 * random.nextGaussian(),
            0.012 * random.nextGaussian(),
            0.02 + 0.03 * random.nextDouble(),
            0.3 + random.nextDouble(),
            6.28 * random.nextDouble()
        };
        away = random.nextBoolean();
        soundSeed = random.nextLong();
    }

    /** The clip of a seed, captured in good light with clean sound. */
    public static Clip of(long seed) {
        return of(seed, Capture.CLEAN);
    }

    /** The same clip under other capture conditions. */
    public static Clip of(long seed, Capture capture) {
        return new Clip(ClipTruth.of(seed), capture, OptionalInt.empty());
    }

    /**
     * The clip of a seed with the face and the voice of a given person.
     *
     * @param person 0 to {@value #PEOPLE} - 1, one of the people of the seed's split
     */
    public static Clip of(long seed, int person) {
        return new Clip(ClipTruth.of(seed), Capture.CLEAN, OptionalInt.of(person));
    }

    public ClipTruth truth() {
        return truth;
    }

    public Capture capture() {
        return capture;
    }

    /** True intensity 0..1 of each of {@link DrawnFaceCues#UNITS} at a time in seconds; all 0 without a face. */
    public double[] units(double seconds) {
        double[] units = new double[DrawnFaceCues.UNITS.length];
        if (truth.intensities() == null) {
            return units;
        }
        double up = raisedCosine((seconds - onset) / rise);
        double down = 1 - 0.7 * raisedCosine((seconds - fall) / 0.5);
        for (int i = 0; i < units.length; i++) {
            units[i] = truth.intensities()[i] * up * down;
        }
        return units;
    }

    private static double raisedCosine(double progress) {
        return 0.5 - 0.5 * Math.cos(Math.PI * Math.max(0, Math.min(1, progress)));
    }

    /** The picture at a time in seconds, {@code size} by {@code size} pixels. */
    public BufferedImage picture(double seconds, int size) {
        double lids = Math.max(0, 1 - Math.abs(seconds - blink) / 0.08);
        double swing = Math.sin(2 * Math.PI * sway[3] * seconds + sway[4]);
        float[] mouth = sound().mouth();
        double speech = mouth[Math.max(0, Math.min(mouth.length - 1, (int) (seconds * 100)))];
        boolean hidden = truth.units() == null;
        Pose pose = new Pose(
                sway[0] + 0.008 * swing,
                sway[1] + 0.004 * swing,
                sway[2] * swing,
                lids,
                speech,
                hidden,
                !(hidden && away));
        return capture.applyTo(new FacePainter(face, size).paint(units(seconds), pose));
    }

    /** Mono sound at 16 kHz, -1..1, {@value #SECONDS} seconds. */
    public float[] samples() {
        return capture.applyTo(sound().samples().clone());
    }

    private Sound sound() {
        if (sound == null) {
            sound = new VoiceSynthesizer(voice, new SplittableRandom(soundSeed), SECONDS).render(truth.voice(), snrDb);
        }
        return sound;
    }
}
