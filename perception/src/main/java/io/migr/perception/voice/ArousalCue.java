package io.migr.perception.voice;

import io.migr.schemas.VoiceCueName;
import io.migr.schemas.VoiceCues;
import io.migr.schemas.VoiceMeasure;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * What tells of arousal in a voice, by how far it is from the person's usual. Weights of a logistic model of acted
 * voices per standard deviation of the difference; standard deviations within a person and between persons, and the
 * mean of the population, by 12 persons' prompts and acted lines. NaN: no value, or (the level and the cepstral peak) one that belongs to
 * the microphone and not to the person.
 */
public enum ArousalCue {
    LEVEL(0.53, 3.3, 1.7, Double.NaN, Double.NaN, VoiceCues::getLevel),
    F0_MEDIAN(0.37, 4.6, 1.9, 10.8, 4.3, VoiceCues::getF0Median),
    FLUX(0.34, 0.08, Double.NaN, Double.NaN, Double.NaN, VoiceCues::getFlux),
    F0_PERCENTILE_95(0.19, 4.0, 2.2, Double.NaN, Double.NaN, VoiceCues::getF0Percentile95),
    HAMMARBERG(-0.19, 5.3, 3.3, 27.2, 5.6, VoiceCues::getHammarberg),
    F0_RANGE(0.18, 5.1, 2.3, Double.NaN, Double.NaN, VoiceCues::getF0Range),
    CPP(0.16, 2.1, 0.7, Double.NaN, Double.NaN, VoiceCues::getCpp),
    ALPHA_RATIO(0.11, 5.7, 2.8, -16.0, 3.4, VoiceCues::getAlphaRatio);

    final double weight;
    /** Of the differences that the weight is for. */
    final double deviation;

    final double withinPerson;
    final double population;
    final double betweenPersons;
    private final Function<VoiceCues, VoiceMeasure> measure;

    ArousalCue(
            double weight,
            double deviation,
            double withinPerson,
            double population,
            double betweenPersons,
            Function<VoiceCues, VoiceMeasure> measure) {
        this.weight = weight;
        this.deviation = deviation;
        this.withinPerson = withinPerson;
        this.population = population;
        this.betweenPersons = betweenPersons;
        this.measure = measure;
    }

    /** The standard deviation of differences to a person's usual, in the unit of the cue. */
    public double deviation() {
        return deviation;
    }

    /** Its measure in a clip; null: not measured. */
    public VoiceMeasure measure(VoiceCues cues) {
        return measure.apply(cues);
    }

    /** The value in a clip, in the unit that {@link VoiceCues} states; NaN if it was not measured. */
    double value(VoiceCues cues) {
        VoiceMeasure found = measure(cues);
        return found == null ? Double.NaN : found.getValue();
    }

    /** Its name in records. */
    VoiceCueName symbol() {
        return VoiceCueName.valueOf(name());
    }

    /** The cue of a name; empty for one of a later version. */
    static Optional<ArousalCue> of(VoiceCueName symbol) {
        return Arrays.stream(values()).filter(cue -> cue.symbol() == symbol).findFirst();
    }

    /** Whether it is known what is usual in people, so that few clips of a person suffice. */
    public boolean hasPopulation() {
        return !Double.isNaN(population);
    }
}
