package io.migr.model.cues;

import io.migr.perception.voice.ArousalCue;
import io.migr.perception.voice.VoiceBaseline;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceMeasure;
import java.util.function.Function;

/** The measures of a voice that are compared with the same person's usual. */
enum VoiceMark {
    LEVEL(ArousalCue.LEVEL, VoiceCues::getLevel),
    F0_MEDIAN(ArousalCue.F0_MEDIAN, VoiceCues::getF0Median),
    F0_PERCENTILE_95(ArousalCue.F0_PERCENTILE_95, VoiceCues::getF0Percentile95),
    F0_RANGE(ArousalCue.F0_RANGE, VoiceCues::getF0Range),
    FLUX(ArousalCue.FLUX, VoiceCues::getFlux),
    HAMMARBERG(ArousalCue.HAMMARBERG, VoiceCues::getHammarberg),
    ALPHA_RATIO(ArousalCue.ALPHA_RATIO, VoiceCues::getAlphaRatio),
    CPP(ArousalCue.CPP, VoiceCues::getCpp);

    private final ArousalCue cue;
    private final Function<VoiceCues, VoiceMeasure> measure;

    VoiceMark(ArousalCue cue, Function<VoiceCues, VoiceMeasure> measure) {
        this.cue = cue;
        this.measure = measure;
    }

    /** The measure in a clip; null: not measured. */
    VoiceMeasure measure(VoiceCues voice) {
        return measure.apply(voice);
    }

    /**
     * How far a clip is above the usual, in standard deviations of such differences, limited to -3..3; NaN if either is
     * unknown.
     */
    double difference(VoiceCues voice, VoiceBaseline usual) {
        if (usual == null || measure(voice) == null) {
            return Double.NaN;
        }
        return usual.difference(cue, measure(voice).getValue()) / cue.deviation();
    }
}
