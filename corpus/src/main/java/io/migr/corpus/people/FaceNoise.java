package io.migr.corpus.people;

import io.migr.model.cues.ClipCues;
import io.migr.model.cues.FaceRows;
import io.migr.perception.face.FaceBaseline;
import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceFrame;
import io.migr.schemas.FaceUsual;
import io.migr.schemas.MeasuredUnit;
import io.migr.schemas.ParticipantBaseline;
import io.migr.schemas.UnitUsual;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** The measured face of a display, and p(measured face | label). */
final class FaceNoise {
    private static final int FRAMES = 4;
    private static final int FRAME_MS = 750;
    private static final int SMILE = 12;
    private static final int CHEEK = 6;
    private static final int CLOSED = 43;
    private static final double USUAL = PeopleNoise.number("relativeRest", "usual");
    private static final double USUAL_SPREAD = PeopleNoise.number("relativeRest", "usualSpread");
    private static final double REST_SPREAD = PeopleNoise.number("relativeRest", "spread");
    private static final double SMILE_RELIABILITY = PeopleNoise.number("absolute", "12", "reliability");
    /** p(somebody speaks), where there is no sound to tell. */
    private static final double SPEAKS = 1 - PeopleNoise.number("sound", "nobodySpeaks");

    private FaceNoise() {}

    /** The usual face of a person after a number of clips; null: none. */
    static FaceUsual usual(int clips, SplittableRandom random) {
        List<UnitUsual> units = new ArrayList<>();
        for (UnitNoise unit : UnitNoise.ALL) {
            if (unit.relative()) {
                units.add(new UnitUsual(unit.number(), (float) usualValue(random), (float)
                        (REST_SPREAD * (0.5 + 0.5 * random.nextDouble()))));
            }
        }
        return clips == 0 ? null : new FaceUsual(clips, units);
    }

    private static double usualValue(SplittableRandom random) {
        return Math.max(0.1, Math.min(0.45, USUAL + USUAL_SPREAD * random.nextGaussian()));
    }

    /** What is measured of a display. */
    static FaceCues draw(Display display, boolean talks, Sight sight, FaceUsual usual, SplittableRandom random) {
        if (!sight.pictures()) {
            return null;
        }
        boolean usable = sight.absentReason() == null;
        Map<Integer, Float> values = usable ? values(display, talks, sight.quality(), usual, random) : Map.of();
        List<FaceFrame> frames = new ArrayList<>();
        int peak = random.nextInt(FRAMES);
        for (int i = 0; i < FRAMES; i++) {
            double less = i == peak ? 0 : random.nextDouble();
            float presence = sight.view() == null ? 0 : (float) (0.9 + 0.1 * random.nextDouble());
            frames.add(new FaceFrame(
                    FRAME_MS / 2 + i * FRAME_MS,
                    presence,
                    usable,
                    sight.view(),
                    usable ? units(values, sight, less) : List.of()));
        }
        return new FaceCues(
                "faces-2",
                sight.absentReason(),
                sight.faces(),
                frames,
                usable ? units(values, sight, 0) : List.of(),
                usable ? ExpressionNoise.draw(display, talks, sight.quality(), random) : null);
    }

    private static Map<Integer, Float> values(
            Display display, boolean talks, double quality, FaceUsual usual, SplittableRandom random) {
        Map<Integer, Float> values = new HashMap<>();
        double kept = UnitNoise.kept(quality);
        int next = 0;
        for (UnitNoise unit : UnitNoise.ALL) {
            double value = unit.draw(display, talks, kept, random);
            if (unit.relative()) {
                value += usual == null
                        ? usualValue(random)
                        : usual.getUnits().get(next++).getMedian();
            }
            values.put(unit.number(), (float) Math.max(0, Math.min(1, value)));
        }
        values.put(CHEEK, (float) (values.get(SMILE) * (0.6 + 0.4 * random.nextDouble())));
        return values;
    }

    private static List<MeasuredUnit> units(Map<Integer, Float> values, Sight sight, double less) {
        List<MeasuredUnit> units = new ArrayList<>();
        double pitch = sight.view().getPitch();
        int next = 0;
        for (int number : FaceRows.UNITS) {
            UnitNoise noise = number == CHEEK ? null : UnitNoise.ALL.get(next++);
            double open = number == CLOSED ? 1 - Math.max(0, Math.min(1, (-pitch - 10) / 20)) : 1;
            boolean relative = noise != null && noise.relative();
            double reliability = noise == null ? UnitNoise.CHEEK_RELIABILITY : noise.reliability();
            double lower = number == CLOSED ? 0 : relative ? less * 0.05 : less * 0.3 * values.get(number);
            units.add(new MeasuredUnit(
                    number,
                    (float) Math.max(0, values.get(number) - lower),
                    (float) (reliability * sight.quality() * open),
                    relative,
                    null));
        }
        return units;
    }

    /** log p(measured face | label) for each of {@link PeopleNoise#LABELS}, up to a constant; 0 without a usable face. */
    static double[] logLikelihood(ClipCues clip) {
        double[] logs = new double[PeopleNoise.LABELS.size()];
        FaceCues face = clip.face();
        if (face == null || face.getAbsentReason() != null || face.getUnits().isEmpty()) {
            return logs;
        }
        double quality = Math.min(1, reliability(face) / SMILE_RELIABILITY);
        boolean heard = clip.voice() != null;
        double talking = heard ? clip.voice().getSpeech().isEmpty() ? 0 : 1 : SPEAKS;
        double[] displays = new double[Display.values().length];
        double[] silent = displays(clip, quality, false);
        double[] talked = displays(clip, quality, true);
        for (int d = 0; d < displays.length; d++) {
            displays[d] =
                    Densities.logSum(new double[] {Math.log(talking) + talked[d], Math.log(1 - talking) + silent[d]});
        }
        for (int y = 0; y < logs.length; y++) {
            double[] terms = new double[displays.length];
            for (Display display : Display.values()) {
                terms[display.ordinal()] = Math.log(display.probability(y)) + displays[display.ordinal()];
            }
            logs[y] = Densities.logSum(terms);
        }
        double highest = Arrays.stream(logs).max().orElseThrow();
        return Arrays.stream(logs).map(log -> log - highest).toArray();
    }

    private static double reliability(FaceCues face) {
        return face.getUnits().stream()
                .filter(unit -> unit.getActionUnit() == SMILE)
                .mapToDouble(MeasuredUnit::getReliability)
                .findFirst()
                .orElse(0);
    }

    private static double[] displays(ClipCues clip, double quality, boolean talks) {
        double[][] classes = ExpressionNoise.logClasses(clip.face().getExpression(), quality);
        double kept = UnitNoise.kept(quality);
        double[] logs = new double[Display.values().length];
        for (Display display : Display.values()) {
            double log = classes == null ? 0 : ExpressionNoise.logDensity(classes, display, talks, quality);
            for (UnitNoise unit : UnitNoise.ALL) {
                double measured = measured(clip, unit);
                log += Double.isNaN(measured) ? 0 : Math.log(unit.density(measured, display, talks, kept));
            }
            logs[display.ordinal()] = log;
        }
        return logs;
    }

    /** The value of an absolute unit, the difference of a relative one; NaN: not known. */
    private static double measured(ClipCues clip, UnitNoise noise) {
        for (MeasuredUnit unit : clip.face().getUnits()) {
            if (unit.getActionUnit() == noise.number()) {
                return noise.relative() ? unit.getValue() - usual(clip.baseline(), noise.number()) : unit.getValue();
            }
        }
        return Double.NaN;
    }

    private static double usual(ParticipantBaseline baseline, int number) {
        return baseline == null || baseline.getFace() == null
                ? Double.NaN
                : new FaceBaseline(baseline.getFace()).usual(number).orElse(Double.NaN);
    }
}
