package io.migr.perception.voice;

import static io.migr.perception.voice.MeasurementError.ALPHA_RATIO;
import static io.migr.perception.voice.MeasurementError.CPP;
import static io.migr.perception.voice.MeasurementError.F0_MEDIAN;
import static io.migr.perception.voice.MeasurementError.F0_PERCENTILE_95;
import static io.migr.perception.voice.MeasurementError.F0_RANGE;
import static io.migr.perception.voice.MeasurementError.F0_SLOPE;
import static io.migr.perception.voice.MeasurementError.FLUX;
import static io.migr.perception.voice.MeasurementError.HAMMARBERG;
import static io.migr.perception.voice.MeasurementError.HNR;
import static io.migr.perception.voice.MeasurementError.LEVEL;
import static io.migr.perception.voice.MeasurementError.PAUSE_SHARE;

import io.migr.perception.statistics.Quantiles;
import io.migr.perception.voice.FrameMeter.Spectra;
import io.migr.schemas.SpeechSpan;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceHalfSecond;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Sums up the frames of a clip. */
final class VoiceSummary {
    private static final double FRAMES_PER_SECOND = VoicePerception.SAMPLE_RATE / (double) FrameMeter.HOP;
    /** Voiced frames of speech that a fundamental frequency and the quality of a voice need. */
    private static final int ENOUGH = 10;

    private static final int PAUSE = 20;
    private static final int HALF_SECOND = 50;
    /** Noise raises the alpha ratio by 3.6 dB and lowers the HNR by 4.3 at 10 dB; clipping is as bad. */
    private static final double CLEAN = 20;

    /** Whole recordings had at most 0.0015, those with peaks cut off by 14 dB at least 0.09. */
    private static final double CLIPPED = 0.005;

    private final VoiceFrames frames;
    private final Spectra spectra;
    private final boolean hum;
    private final boolean clipped;

    /**
     * @param hum whether mains hum was removed
     * @param clippedShare share of samples within 1 % of the largest magnitude
     */
    VoiceSummary(VoiceFrames frames, boolean hum, double clippedShare) {
        this.frames = frames;
        this.hum = hum;
        spectra = frames.spectra();
        clipped = clippedShare > CLIPPED;
    }

    /** Fills in everything that is measured on frames. */
    VoiceCues.Builder fill(VoiceCues.Builder cues) {
        int[] speech = where(w -> frames.speech()[w]);
        cues.setVoiceActivity(speech.length / (float) frames.count())
                .setSpeech(spans())
                .setNoiseFloor((float) frames.floor())
                .setEvents(VoicedEvents.of(frames))
                .setHalfSeconds(halfSeconds());
        if (speech.length > 0) {
            speech(cues, speech);
        }
        return cues;
    }

    private void speech(VoiceCues.Builder cues, int[] speech) {
        double seconds = speech.length / FRAMES_PER_SECOND;
        double power = frames.power(speech) - frames.floorPower();
        if (power > 0) {
            cues.setLevel(LEVEL.measure(10 * Math.log10(power), seconds, hum));
        }
        cues.setPauseShare(PAUSE_SHARE.measure(pauseShare(), seconds, hum))
                .setFlux(FLUX.measure(mean(speech, w -> spectra.flux()[w]), seconds, hum));
        int[] voiced = where(w -> frames.speech()[w] && frames.voiced()[w]);
        cues.setVoicedMs(voiced.length * 10);
        if (voiced.length >= ENOUGH) {
            pitch(cues, voiced);
            if (!clipped && power > frames.floorPower() * Math.pow(10, CLEAN / 10)) {
                quality(cues, voiced);
            }
        }
    }

    private void pitch(VoiceCues.Builder cues, int[] voiced) {
        double seconds = voiced.length / FRAMES_PER_SECOND;
        Quantiles f0 = new Quantiles(
                IntStream.of(voiced).mapToDouble(frames::semitones).toArray());
        cues.setF0Median(F0_MEDIAN.measure(f0.median(), seconds, hum))
                .setF0Percentile95(F0_PERCENTILE_95.measure(f0.at(0.95), seconds, hum))
                .setF0Range(F0_RANGE.measure(f0.at(0.95) - f0.at(0.05), seconds, hum));
        boolean[] mask = new boolean[frames.count()];
        for (int w : voiced) {
            mask[w] = true;
        }
        double slope = Intonation.slope(mask, frames);
        if (!Double.isNaN(slope)) {
            cues.setF0Slope(F0_SLOPE.measure(slope, seconds, hum));
        }
    }

    private void quality(VoiceCues.Builder cues, int[] voiced) {
        double seconds = voiced.length / FRAMES_PER_SECOND;
        cues.setHnr(HNR.measure(mean(voiced, this::harmonicsToNoise), seconds, hum))
                .setCpp(CPP.measure(mean(voiced, w -> spectra.cpp()[w]), seconds, hum))
                .setAlphaRatio(ALPHA_RATIO.measure(mean(voiced, w -> spectra.alpha()[w]), seconds, hum))
                .setHammarberg(HAMMARBERG.measure(mean(voiced, w -> spectra.hammarberg()[w]), seconds, hum));
    }

    /** 10 log10(r / (1 - r)) of the autocorrelation at the period, in dB, at most 40. */
    private double harmonicsToNoise(int frame) {
        double r = Math.min(frames.pitch().strength()[frame], 0.9999);
        return 10 * Math.log10(r / (1 - r));
    }

    private List<SpeechSpan> spans() {
        return Stretch.of(frames.speech(), true).stream()
                .map(span -> new SpeechSpan(span.startMs(), span.endMs()))
                .toList();
    }

    private double pauseShare() {
        List<Stretch> speech = Stretch.of(frames.speech(), true);
        int silent = 0;
        for (int i = 1; i < speech.size(); i++) {
            int gap = speech.get(i).from() - speech.get(i - 1).to();
            silent += gap >= PAUSE ? gap : 0;
        }
        return silent
                / (double) (speech.get(speech.size() - 1).to() - speech.get(0).from());
    }

    private List<VoiceHalfSecond> halfSeconds() {
        List<VoiceHalfSecond> course = new ArrayList<>();
        for (int from = 0; from + HALF_SECOND / 2 <= frames.count(); from += HALF_SECOND) {
            int[] all = IntStream.range(from, Math.min(from + HALF_SECOND, frames.count()))
                    .toArray();
            double[] f0 = IntStream.of(all)
                    .filter(w -> frames.voiced()[w])
                    .mapToDouble(frames::semitones)
                    .toArray();
            long speech = IntStream.of(all).filter(w -> frames.speech()[w]).count();
            double over = 10 * Math.log10(frames.power(all) / frames.floorPower());
            course.add(VoiceHalfSecond.newBuilder()
                    .setSpeechShare(speech / (float) all.length)
                    .setVoicedShare(f0.length / (float) all.length)
                    .setF0Median(f0.length == 0 ? null : (float) new Quantiles(f0).median())
                    .setLevelOverFloor((float) Math.max(0, over))
                    .build());
        }
        return course;
    }

    private int[] where(IntPredicate which) {
        return IntStream.range(0, frames.count()).filter(which).toArray();
    }

    private static double mean(int[] frames, IntToDoubleFunction measure) {
        return IntStream.of(frames).mapToDouble(measure).average().orElseThrow();
    }
}
