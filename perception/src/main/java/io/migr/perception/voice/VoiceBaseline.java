package io.migr.perception.voice;

import io.migr.perception.statistics.Quantiles;
import io.migr.schemas.BaselineVoice;
import io.migr.schemas.CueUsual;
import io.migr.schemas.CueValue;
import io.migr.schemas.SpeechSpan;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceUsual;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A person's usual voice in one call.
 *
 * @param clips clips it was taken from
 * @param speechSeconds speech in them
 * @param medians median over the clips of each cue that was measured in one
 * @param deviations median absolute deviation of each of these cues
 */
public record VoiceBaseline(
        int clips, double speechSeconds, Map<ArousalCue, Double> medians, Map<ArousalCue, Double> deviations) {
    /** Below this much own speech, in seconds, only what is known of people in general makes up for it. */
    public static final double USEFUL_SECONDS = 11;
    /** Clips that a baseline is taken from at most, the last ones: three minutes. */
    public static final int CLIPS = 45;

    /** A noise floor that moved by more, in dB, is another microphone or another room. */
    private static final double FLOOR_MOVED = 10;

    private static final double SPEECH_SECONDS = 1;

    public VoiceBaseline {
        medians = Map.copyOf(medians);
        deviations = Map.copyOf(deviations);
    }

    /**
     * The baseline of the last {@value #CLIPS} clips with at least a second of speech and without an event.
     *
     * @param history clips of one participant of one call, oldest first
     */
    public static VoiceBaseline of(List<VoiceCues> history) {
        return of(
                history.stream()
                        .map(VoiceBaseline::numbers)
                        .flatMap(Optional::stream)
                        .toList(),
                null);
    }

    /** What a clip adds to a baseline; empty if it has less than a second of speech, or an event. */
    public static Optional<BaselineVoice> numbers(VoiceCues clip) {
        if (speechSeconds(clip) < SPEECH_SECONDS || !clip.getEvents().isEmpty()) {
            return Optional.empty();
        }
        List<CueValue> values = new ArrayList<>();
        for (ArousalCue cue : ArousalCue.values()) {
            double value = cue.value(clip);
            if (!Double.isNaN(value)) {
                values.add(new CueValue(cue.symbol(), (float) value));
            }
        }
        return Optional.of(new BaselineVoice(speechMs(clip), clip.getNoiseFloor(), values));
    }

    /**
     * The baseline of the last {@value #CLIPS} clips, without those whose noise floor is more than 10 dB from the given
     * one.
     *
     * @param history what the clips add, oldest first
     * @param floor noise floor of the clip to compare, dB; null: that of the last clip
     */
    public static VoiceBaseline of(List<BaselineVoice> history, Float floor) {
        List<BaselineVoice> last = history.subList(Math.max(0, history.size() - CLIPS), history.size());
        Float reference = floor != null || last.isEmpty()
                ? floor
                : last.get(last.size() - 1).getNoiseFloor();
        List<BaselineVoice> used =
                last.stream().filter(clip -> !moved(clip, reference)).toList();
        Map<ArousalCue, Double> medians = new EnumMap<>(ArousalCue.class);
        Map<ArousalCue, Double> deviations = new EnumMap<>(ArousalCue.class);
        for (ArousalCue cue : ArousalCue.values()) {
            double[] values = used.stream()
                    .flatMap(clip -> clip.getCues().stream())
                    .filter(value -> value.getCue() == cue.symbol())
                    .mapToDouble(CueValue::getValue)
                    .toArray();
            if (values.length > 0) {
                Quantiles quantiles = new Quantiles(values);
                medians.put(cue, quantiles.median());
                deviations.put(cue, quantiles.deviation());
            }
        }
        int milliseconds = used.stream().mapToInt(BaselineVoice::getSpeechMs).sum();
        return new VoiceBaseline(used.size(), milliseconds / 1000.0, medians, deviations);
    }

    private static boolean moved(BaselineVoice clip, Float floor) {
        return floor != null && clip.getNoiseFloor() != null && Math.abs(clip.getNoiseFloor() - floor) > FLOOR_MOVED;
    }

    /** The baseline in a record. */
    public static VoiceBaseline of(VoiceUsual usual) {
        Map<ArousalCue, Double> medians = new EnumMap<>(ArousalCue.class);
        Map<ArousalCue, Double> deviations = new EnumMap<>(ArousalCue.class);
        for (CueUsual one : usual.getCues()) {
            ArousalCue.of(one.getCue()).ifPresent(cue -> {
                medians.put(cue, (double) one.getMedian());
                deviations.put(cue, (double) one.getMad());
            });
        }
        return new VoiceBaseline(usual.getClips(), usual.getSpeechSeconds(), medians, deviations);
    }

    public VoiceUsual toRecord() {
        List<CueUsual> cues = new ArrayList<>();
        for (ArousalCue cue : ArousalCue.values()) {
            if (medians.containsKey(cue)) {
                cues.add(new CueUsual(
                        cue.symbol(),
                        medians.get(cue).floatValue(),
                        deviations.get(cue).floatValue()));
            }
        }
        return new VoiceUsual(clips, (float) speechSeconds, cues);
    }

    /** Seconds of speech in a clip. */
    static double speechSeconds(VoiceCues clip) {
        return speechMs(clip) / 1000.0;
    }

    private static int speechMs(VoiceCues clip) {
        int milliseconds = 0;
        for (SpeechSpan span : clip.getSpeech()) {
            milliseconds += span.getEndMs() - span.getStartMs();
        }
        return milliseconds;
    }

    /**
     * What is usual for this person: b = (n x / s_w^2 + mu / s_b^2) / (n / s_w^2 + 1 / s_b^2) of n clips with median x,
     * s_w within a person, s_b between persons, mu the mean of people; x itself where there is no mu and 11 s of
     * speech.
     *
     * @return in the unit of the cue; NaN if unknown
     */
    public double usual(ArousalCue cue) {
        Double own = medians.get(cue);
        if (own == null) {
            return Double.NaN;
        }
        if (!cue.hasPopulation()) {
            return speechSeconds >= USEFUL_SECONDS ? own : Double.NaN;
        }
        double ownWeight = clips / (cue.withinPerson * cue.withinPerson);
        double peopleWeight = 1 / (cue.betweenPersons * cue.betweenPersons);
        return (ownWeight * own + peopleWeight * cue.population) / (ownWeight + peopleWeight);
    }

    /**
     * How far a value is above the usual, in the unit of the cue, drawn towards 0 by what is not known of the usual:
     * (x - b) s_w / sqrt(s_w^2 + u^2), u^2 = 1 / (n / s_w^2 + 1 / s_b^2).
     *
     * @return NaN if the usual or the value is unknown
     */
    public double difference(ArousalCue cue, double value) {
        double difference = value - usual(cue);
        if (!cue.hasPopulation()) {
            return difference;
        }
        double within = cue.withinPerson * cue.withinPerson;
        double uncertain = 1 / (clips / within + 1 / (cue.betweenPersons * cue.betweenPersons));
        return difference * Math.sqrt(within / (within + uncertain));
    }
}
