package io.migr.perception.voice;

import io.migr.schemas.SpeechSpan;
import io.migr.schemas.VoiceCues;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A person's usual voice in one call.
 *
 * @param clips clips it was taken from
 * @param speechSeconds speech in them
 * @param medians median over the clips of each cue that was measured in one
 */
public record VoiceBaseline(int clips, double speechSeconds, Map<ArousalCue, Double> medians) {
    /** Below this much own speech, in seconds, only what is known of people in general makes up for it. */
    public static final double USEFUL_SECONDS = 11;
    /** Clips that a baseline is taken from at most, the last ones: three minutes. */
    public static final int CLIPS = 45;

    private static final double SPEECH_SECONDS = 1;

    public VoiceBaseline {
        medians = Map.copyOf(medians);
    }

    /**
     * The baseline of the last {@value #CLIPS} clips with at least a second of speech and without an event.
     *
     * @param history clips of one participant of one call, oldest first
     */
    public static VoiceBaseline of(List<VoiceCues> history) {
        List<VoiceCues> usable = history.stream()
                .filter(clip -> speechSeconds(clip) >= SPEECH_SECONDS
                        && clip.getEvents().isEmpty())
                .toList();
        List<VoiceCues> last = usable.subList(Math.max(0, usable.size() - CLIPS), usable.size());
        Map<ArousalCue, Double> medians = new EnumMap<>(ArousalCue.class);
        for (ArousalCue cue : ArousalCue.values()) {
            double[] values = last.stream()
                    .mapToDouble(cue::value)
                    .filter(value -> !Double.isNaN(value))
                    .toArray();
            if (values.length > 0) {
                medians.put(cue, new Quantiles(values).median());
            }
        }
        double seconds = last.stream().mapToDouble(VoiceBaseline::speechSeconds).sum();
        return new VoiceBaseline(last.size(), seconds, medians);
    }

    /** Seconds of speech in a clip. */
    static double speechSeconds(VoiceCues clip) {
        long milliseconds = 0;
        for (SpeechSpan span : clip.getSpeech()) {
            milliseconds += span.getEndMs() - span.getStartMs();
        }
        return milliseconds / 1000.0;
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
