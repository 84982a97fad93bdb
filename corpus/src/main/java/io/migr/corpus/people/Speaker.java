package io.migr.corpus.people;

import io.migr.corpus.people.VoiceNoise.Mark;
import io.migr.corpus.people.VoiceNoise.Noise;
import io.migr.perception.voice.ArousalCue;
import io.migr.schemas.CueUsual;
import io.migr.schemas.SpeechSpan;
import io.migr.schemas.VoiceCueName;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceHalfSecond;
import io.migr.schemas.VoiceMeasure;
import io.migr.schemas.VoiceUsual;
import io.migr.schemas.VoicedEvent;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A person's usual voice and what is measured of one clip of it. */
final class Speaker {
    private static final int CLIP_MS = 3000;
    private static final double HUM = PeopleNoise.number("sound", "hum");
    private static final double NO_QUALITY = PeopleNoise.number("sound", "noQuality");
    private static final double OCTAVE_ERRORS = 0.01;
    private static final double OCTAVE_ERRORS_IN_HUM = 0.038;

    private final Map<ArousalCue, Double> usual = new EnumMap<>(ArousalCue.class);
    private final SplittableRandom random;

    Speaker(SplittableRandom random) {
        this.random = random;
        VoiceNoise.MARKS.forEach((cue, mark) -> usual.put(cue, mark.mean() + mark.between() * random.nextGaussian()));
    }

    /** The baseline after a number of clips; null: none. */
    VoiceUsual baseline(int clips, double seconds) {
        List<CueUsual> cues = new ArrayList<>();
        VoiceNoise.MARKS.forEach((cue, mark) -> {
            double off = mark.within() / Math.sqrt(Math.max(1, clips)) * random.nextGaussian();
            double spread = clips == 1 ? 0 : 0.67 * mark.within() * (0.7 + 0.6 * random.nextDouble());
            cues.add(new CueUsual(VoiceCueName.valueOf(cue.name()), (float) (usual.get(cue) + off), (float) spread));
        });
        return clips == 0 ? null : new VoiceUsual(clips, (float) seconds, cues);
    }

    /**
     * What is measured of a clip.
     *
     * @param arousal in standard deviations
     * @param noise what is heard besides speech
     * @param looksForLaughter whether perception looks for it
     */
    VoiceCues speak(double arousal, Noise noise, boolean looksForLaughter) {
        boolean hum = random.nextDouble() < HUM;
        boolean event = VoiceNoise.drawEvent(noise, true, random);
        int spokenMs = 10 * (int) (60 + 215 * random.nextDouble());
        int pausesMs = 10 * (int) (random.nextDouble() * Math.min(120, (CLIP_MS - spokenMs) / 10));
        int voicedMs = 10 * (int) (spokenMs * (0.45 + 0.35 * random.nextDouble()) / 10);
        VoiceCues.Builder cues = record(hum)
                .setVoiceActivity(spokenMs / (float) CLIP_MS)
                .setSpeech(spans(spokenMs, pausesMs))
                .setVoicedMs(voicedMs)
                .setPauseShare(new VoiceMeasure((float) pausesMs / (spokenMs + pausesMs), 0.05f, null))
                .setEvents(event ? List.of(event(0.6)) : List.of())
                .setHalfSeconds(course(true))
                .setPossibleLaughter(looksForLaughter ? VoiceNoise.drawLaughter(noise, random) : null);
        double seconds = voicedMs / 1000.0;
        cues.setLevel(measure(ArousalCue.LEVEL, arousal, spokenMs / 1000.0, hum))
                .setFlux(measure(ArousalCue.FLUX, arousal, spokenMs / 1000.0, hum))
                .setF0Median(measure(ArousalCue.F0_MEDIAN, arousal, seconds, hum))
                .setF0Percentile95(measure(ArousalCue.F0_PERCENTILE_95, arousal, seconds, hum))
                .setF0Range(measure(ArousalCue.F0_RANGE, arousal, seconds, hum))
                .setF0Slope(new VoiceMeasure((float) (8 * random.nextGaussian()), null, null));
        if (random.nextDouble() >= NO_QUALITY) {
            cues.setHnr(new VoiceMeasure((float) (13 + 3 * random.nextGaussian()), 1.5f, 0.56f))
                    .setCpp(measure(ArousalCue.CPP, arousal, seconds, hum))
                    .setAlphaRatio(measure(ArousalCue.ALPHA_RATIO, arousal, seconds, hum))
                    .setHammarberg(measure(ArousalCue.HAMMARBERG, arousal, seconds, hum));
        }
        return cues.build();
    }

    /** What is measured of a clip in which nobody speaks. */
    VoiceCues silence(Noise noise, boolean looksForLaughter) {
        boolean event = VoiceNoise.drawEvent(noise, false, random);
        Boolean laughs = !looksForLaughter ? null : (Boolean) (event && VoiceNoise.drawLaughter(noise, random));
        return record(random.nextDouble() < HUM)
                .setVoiceActivity(0)
                .setEvents(event ? List.of(event(0)) : List.of())
                .setHalfSeconds(course(false))
                .setPossibleLaughter(laughs)
                .build();
    }

    private VoiceCues.Builder record(boolean hum) {
        return VoiceCues.newBuilder()
                .setMeasuredBy("voice-1")
                .setDurationMs(CLIP_MS)
                .setNoiseFloor((float) (-58 + 8 * random.nextGaussian()))
                .setMainsHum(hum ? (float) (-45 + 5 * random.nextGaussian()) : null);
    }

    private VoiceMeasure measure(ArousalCue cue, double arousal, double seconds, boolean hum) {
        Mark mark = VoiceNoise.MARKS.get(cue);
        double error = mark.error() / Math.sqrt(Math.min(1, seconds));
        double z = mark.loading() * arousal + Math.sqrt(mark.rest()) * random.nextGaussian();
        double value = usual.get(cue) + cue.deviation() * z + error * random.nextGaussian();
        boolean known = mark.error() > 0;
        boolean pitch = cue == ArousalCue.F0_MEDIAN || cue == ArousalCue.F0_RANGE;
        double right = pitch ? 1 - (hum ? OCTAVE_ERRORS_IN_HUM : OCTAVE_ERRORS) : 1;
        double own = mark.within() * mark.within();
        return new VoiceMeasure(
                (float) value,
                known ? (float) error : null,
                known ? (float) (right * own / (own + error * error)) : null);
    }

    private List<SpeechSpan> spans(int spokenMs, int pausesMs) {
        int count = pausesMs < 200 ? 1 : 1 + Math.min(3, pausesMs / 200);
        int at = 10 * (int) (random.nextDouble() * (CLIP_MS - spokenMs - pausesMs) / 10);
        List<SpeechSpan> spans = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int end = at + spokenMs / count;
            spans.add(new SpeechSpan(at, end));
            at = end + (count == 1 ? 0 : pausesMs / (count - 1));
        }
        return spans;
    }

    private VoicedEvent event(double speechShare) {
        int start = 10 * random.nextInt(180);
        return new VoicedEvent(
                start,
                start + 300 + 10 * random.nextInt(90),
                (float) (28 + 6 * random.nextGaussian()),
                (float) (20 + 6 * random.nextGaussian()),
                (float) (speechShare * random.nextDouble()));
    }

    private List<VoiceHalfSecond> course(boolean speaks) {
        List<VoiceHalfSecond> course = new ArrayList<>();
        for (int i = 0; i < CLIP_MS / 500; i++) {
            float share = speaks ? (float) random.nextDouble() : 0;
            Float f0 = speaks ? (float) (double) usual.get(ArousalCue.F0_MEDIAN) : null;
            course.add(new VoiceHalfSecond(share, 0.6f * share, f0, speaks ? 10 + 20 * share : 1));
        }
        return course;
    }
}
