package io.migr.corpus;

import io.migr.corpus.DrawnVoiceCues.Dimension;
import io.migr.corpus.DrawnVoiceCues.Voice;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Source-filter synthesis of speech without words: glottal pulses whose pitch, regularity, breathiness and spectral
 * tilt follow the prosody, filtered by four formants over random syllables, with pauses and at most one non-verbal
 * event, in pink noise.
 */
final class VoiceSynthesizer {
    static final int RATE = 16_000;

    /** First three formants of a, e, i, o, u for a tract of average length, Hz. */
    private static final double[][] VOWELS = {
        {730, 1190, 2500}, {530, 1840, 2480}, {300, 2290, 3010}, {570, 840, 2410}, {320, 870, 2240}
    };

    /**
     * The synthesised sound and how open the mouth is.
     *
     * @param samples mono, 16 kHz, -1..1
     * @param mouth opening per 10 ms, 0..1
     */
    record Sound(float[] samples, float[] mouth) {}

    /** A syllable or a pause on the time line, in samples; {@code pitch} is the pitch at its middle, Hz. */
    private record Piece(int from, int to, boolean spoken, double pitch, double[] formants, int onset) {}

    private final VoiceLook look;
    private final SplittableRandom random;
    private final int length;

    VoiceSynthesizer(VoiceLook look, SplittableRandom random, double seconds) {
        this.look = look;
        this.random = random;
        length = (int) (seconds * RATE);
    }

    /**
     * Renders the voice in noise.
     *
     * @param voice null: nobody speaks
     * @param snrDb level of neutral speech relative to the noise, dB
     */
    Sound render(Voice voice, double snrDb) {
        float[] mouth = new float[length / (RATE / 100)];
        double[] samples = new double[length];
        if (voice != null) {
            List<Piece> pieces = pieces(voice);
            speak(voice, pieces, samples, mouth);
            normalise(samples, pieces, look.levelDb() + 3.2 * deviation(voice, Dimension.LEVEL));
            new VoiceEvents(random, look).add(voice.event(), samples, mouth);
        }
        addNoise(samples, look.levelDb() - snrDb);
        float[] out = new float[length];
        for (int i = 0; i < length; i++) {
            out[i] = (float) Math.max(-1, Math.min(1, samples[i]));
        }
        return new Sound(out, mouth);
    }

    private static double deviation(Voice voice, Dimension dimension) {
        return voice.deviations()[dimension.ordinal()];
    }

    private List<Piece> pieces(Voice voice) {
        double rate = look.syllables() * Math.exp(0.17 * deviation(voice, Dimension.RATE));
        double pauseShare = Math.min(0.55, 0.10 * Math.exp(0.6 * deviation(voice, Dimension.PAUSES)));
        double pitch = look.pitchHz() * Math.exp(0.20 * deviation(voice, Dimension.PITCH));
        double range = 1.6 * Math.exp(0.45 * deviation(voice, Dimension.RANGE));
        List<Piece> pieces = new ArrayList<>();
        int at = (int) (0.1 * RATE);
        int untilPause = 3 + random.nextInt(3);
        while (at < length - RATE / 8) {
            int duration = (int) (RATE / rate * (0.8 + 0.4 * random.nextDouble()));
            int to = Math.min(length, at + duration);
            double accent = range * random.nextGaussian() - 2.0 * at / length;
            double[] vowel = VOWELS[random.nextInt(VOWELS.length)].clone();
            for (int i = 0; i < vowel.length; i++) {
                vowel[i] /= look.tract();
            }
            pieces.add(new Piece(at, to, true, pitch * Math.pow(2, accent / 12), vowel, random.nextInt(3)));
            at = to;
            if (--untilPause == 0) {
                double spoken = pieces.stream()
                        .filter(Piece::spoken)
                        .mapToInt(piece -> piece.to() - piece.from())
                        .sum();
                double silent = pieces.stream()
                        .filter(piece -> !piece.spoken())
                        .mapToInt(piece -> piece.to() - piece.from())
                        .sum();
                int pause = (int) (spoken * pauseShare / (1 - pauseShare) - silent);
                if (pause > RATE / 50) {
                    pieces.add(new Piece(at, Math.min(length, at + pause), false, pitch, VOWELS[0], 0));
                    at += pause;
                }
                untilPause = 3 + random.nextInt(3);
            }
        }
        return pieces;
    }

    private void speak(Voice voice, List<Piece> pieces, double[] samples, float[] mouth) {
        double jitter = 0.006 * Math.exp(0.6 * deviation(voice, Dimension.ROUGHNESS));
        double breath = 0.05 * Math.exp(0.65 * deviation(voice, Dimension.BREATH));
        double tilt = Math.pow(10, 3.0 * deviation(voice, Dimension.BRIGHTNESS) / 20);
        double[] state = new double[8];
        double phase = 0;
        double period = 1;
        double strength = 1;
        double low = 0;
        double lastSource = 0;
        for (int p = 0; p < pieces.size(); p++) {
            Piece piece = pieces.get(p);
            Piece next = p + 1 < pieces.size() ? pieces.get(p + 1) : piece;
            for (int i = piece.from(); i < piece.to(); i++) {
                double within = (i - piece.from()) / (double) (piece.to() - piece.from());
                double envelope = piece.spoken() ? envelope(piece, within) : 0;
                double pitch = piece.pitch() + (next.pitch() - piece.pitch()) * Math.max(0, within - 0.5);
                phase += pitch / RATE / period;
                if (phase >= 1) {
                    phase -= 1;
                    period = 1 + jitter * 1.6 * random.nextGaussian();
                    strength = 1 + 2 * jitter * random.nextGaussian();
                }
                boolean fricative = piece.onset() == 1 && within < 0.25;
                double source = envelope * (fricative ? 0 : strength * pulse(phase));
                source += envelope * (fricative ? 0.25 : breath) * random.nextGaussian();
                // derivative of the glottal flow; the tilt raises or lowers its high frequencies
                double flow = source - 0.96 * lastSource;
                lastSource = source;
                low += 0.35 * (flow - low);
                samples[i] = filter(low + tilt * (flow - low), piece.formants(), state);
                mouth[Math.min(mouth.length - 1, i / (RATE / 100))] = (float) (0.9 * envelope);
            }
        }
    }

    private static double envelope(Piece piece, double within) {
        double rise = Math.min(1, within / 0.22);
        double fall = Math.min(1, (1 - within) / 0.30);
        double closed = piece.onset() == 2 && within < 0.15 ? 0 : 1;
        return closed * Math.sin(Math.PI / 2 * Math.min(rise, fall));
    }

    /** Rosenberg's glottal flow: opening 40 % of the period, closing 16 %. */
    private static double pulse(double phase) {
        if (phase < 0.4) {
            return 0.5 * (1 - Math.cos(Math.PI * phase / 0.4));
        }
        return phase < 0.56 ? Math.cos(Math.PI / 2 * (phase - 0.4) / 0.16) : 0;
    }

    /** The vowel's three formants and a fixed fourth, as a cascade of resonators. */
    private double filter(double x, double[] formants, double[] state) {
        double y = x;
        for (int f = 0; f < 4; f++) {
            double frequency = f < 3 ? formants[f] : 3500 / look.tract();
            double r = Math.exp(-Math.PI * (60 + 40 * f) / RATE);
            double cosine = 2 * r * Math.cos(2 * Math.PI * Math.min(frequency, 7500) / RATE);
            double out = (1 - cosine + r * r) * y + cosine * state[2 * f] - r * r * state[2 * f + 1];
            state[2 * f + 1] = state[2 * f];
            state[2 * f] = out;
            y = out;
        }
        return y;
    }

    private static void normalise(double[] samples, List<Piece> pieces, double levelDb) {
        double power = 0;
        int count = 0;
        for (Piece piece : pieces) {
            for (int i = piece.from(); piece.spoken() && i < piece.to(); i++, count++) {
                power += samples[i] * samples[i];
            }
        }
        double gain = Math.pow(10, levelDb / 20) / Math.sqrt(power / count + 1e-20);
        for (int i = 0; i < samples.length; i++) {
            samples[i] *= gain;
        }
    }

    /** Pink noise by Voss's method: eight rows of white noise, each updated half as often as the one before. */
    private void addNoise(double[] samples, double levelDb) {
        double gain = Math.pow(10, levelDb / 20) / Math.sqrt(8);
        double[] rows = new double[8];
        double sum = 0;
        for (int i = 0; i < samples.length; i++) {
            int row = Math.min(7, Integer.numberOfTrailingZeros(i + 1));
            sum -= rows[row];
            rows[row] = random.nextGaussian();
            sum += rows[row];
            samples[i] += gain * sum;
        }
    }
}
