package io.migr.perception.face;

import io.migr.perception.statistics.Quantiles;
import io.migr.schemas.BaselineUnit;
import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceFrame;
import io.migr.schemas.FaceUsual;
import io.migr.schemas.MeasuredUnit;
import io.migr.schemas.UnitUsual;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What is usual for a person's face in one call, for the units whose value is relative. Within one person the brows
 * spread thirty times less than between people.
 *
 * @param usual what clips say together
 */
public record FaceBaseline(FaceUsual usual) {
    /** Clips from which on it says something. */
    public static final int USEFUL_CLIPS = 5;
    /** Clips that it is taken from at most, the last ones. */
    public static final int CLIPS = 45;

    private static final double PRESENT = 0.5;
    /** Degrees. */
    private static final double AHEAD = 20;

    /** What a clip adds to a baseline: values of frames with a face that looks ahead; empty if it has none. */
    public static List<BaselineUnit> numbers(FaceCues clip) {
        TreeMap<Integer, List<Float>> values = new TreeMap<>();
        for (FaceFrame frame : clip.getFrames()) {
            if (frame.getUsable()
                    && frame.getView() != null
                    && frame.getPresence() >= PRESENT
                    && Math.abs(frame.getView().getYaw()) <= AHEAD) {
                for (MeasuredUnit unit : frame.getUnits()) {
                    if (unit.getRelative()) {
                        values.computeIfAbsent(unit.getActionUnit(), number -> new ArrayList<>())
                                .add(unit.getValue());
                    }
                }
            }
        }
        return values.entrySet().stream()
                .map(unit -> new BaselineUnit(unit.getKey(), unit.getValue()))
                .toList();
    }

    /**
     * The baseline of the last {@value #CLIPS} clips.
     *
     * @param history what the clips add, none of it empty, oldest first
     */
    public static FaceBaseline of(List<List<BaselineUnit>> history) {
        List<List<BaselineUnit>> last = history.subList(Math.max(0, history.size() - CLIPS), history.size());
        TreeMap<Integer, List<Float>> values = new TreeMap<>();
        last.forEach(
                clip -> clip.forEach(unit -> values.computeIfAbsent(unit.getActionUnit(), number -> new ArrayList<>())
                        .addAll(unit.getValues())));
        List<UnitUsual> units = new ArrayList<>();
        values.forEach((number, all) -> {
            Quantiles quantiles =
                    new Quantiles(all.stream().mapToDouble(Float::doubleValue).toArray());
            units.add(new UnitUsual(number, (float) quantiles.median(), (float) quantiles.deviation()));
        });
        return new FaceBaseline(new FaceUsual(last.size(), units));
    }

    /** The usual value of a unit; empty if it is not relative or fewer than {@value #USEFUL_CLIPS} clips tell it. */
    public OptionalDouble usual(int actionUnit) {
        if (usual.getClips() < USEFUL_CLIPS) {
            return OptionalDouble.empty();
        }
        return usual.getUnits().stream()
                .filter(unit -> unit.getActionUnit() == actionUnit)
                .mapToDouble(UnitUsual::getMedian)
                .findFirst();
    }
}
