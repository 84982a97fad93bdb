package io.migr.perception.face;

import io.migr.engine.Kernels;
import io.migr.schemas.AvroSafety;
import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceExpression;
import io.migr.schemas.FaceFrame;
import io.migr.schemas.MeasuredUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Measures the face in a clip. Nothing is remembered from one clip to the next, so the same pictures give the same
 * cues.
 *
 * <p>Not thread-safe: each thread has its own instance and closes it itself.
 */
public final class FacePerception implements AutoCloseable {
    /** Frames of a clip that are looked at. */
    public static final int FRAMES = 4;

    private static final String VERSION = "faces-2";

    static {
        AvroSafety.set(); // the builders of records need the trusted classes
    }

    private final boolean appearance;
    private final FaceNets nets;

    /**
     * Loads the nets.
     *
     * @param appearance whether the expression net may say what the face looks like; without it rules do alone, which
     *     are right less often and take weeping for happiness
     */
    public FacePerception(boolean appearance) {
        this.appearance = appearance;
        nets = new FaceNets(appearance);
    }

    /**
     * What the largest face in a clip shows.
     *
     * @param frames pictures of the clip in time order; of more than {@link #FRAMES}, as many evenly spread ones are used
     */
    public FaceCues measure(List<RgbFrame> frames) {
        Kernels.recordGradients(false);
        List<RgbFrame> used = spread(frames);
        FollowedFace face = new FollowedFace(nets);
        List<Optional<View>> views = used.stream()
                .map(frame -> face.next(frame).map(sight -> View.of(sight, frame)))
                .toList();
        List<View> usable = views.stream()
                .flatMap(Optional::stream)
                .filter(view -> view.obstacle().isEmpty())
                .toList();
        List<FaceShape> shapes = shapes(usable);
        return FaceCues.newBuilder()
                .setMeasuredBy(appearance ? VERSION : VERSION + "-rules")
                .setFaces(face.faces())
                .setAbsentReason(usable.isEmpty() ? reason(used, views) : null)
                .setFrames(frames(used, views, usable, shapes))
                .setUnits(usable.isEmpty() ? List.of() : peaks(usable, shapes))
                .setExpression(usable.isEmpty() ? null : expression(usable, shapes))
                .build();
    }

    private static List<RgbFrame> spread(List<RgbFrame> frames) {
        List<RgbFrame> used = new ArrayList<>();
        int count = Math.min(FRAMES, frames.size());
        for (int i = 0; i < count; i++) {
            used.add(frames.get((2 * i + 1) * frames.size() / (2 * count)));
        }
        return used;
    }

    private static String reason(List<RgbFrame> used, List<Optional<View>> views) {
        if (used.isEmpty()) {
            return "there is no picture";
        }
        return views.stream()
                .flatMap(Optional::stream)
                .findFirst()
                .flatMap(View::obstacle)
                .orElse("no face was found");
    }

    private List<FaceShape> shapes(List<View> views) {
        if (views.isEmpty()) {
            return List.of();
        }
        float[][] blendshapes = nets.blendshapes(
                views.stream().map(view -> view.mesh().blendshapePoints()).toArray(float[][]::new));
        List<FaceShape> shapes = new ArrayList<>();
        for (int i = 0; i < views.size(); i++) {
            shapes.add(FaceShape.of(blendshapes[i], views.get(i).pose().frontal()));
        }
        return shapes;
    }

    private static List<FaceFrame> frames(
            List<RgbFrame> used, List<Optional<View>> views, List<View> usable, List<FaceShape> shapes) {
        List<FaceFrame> frames = new ArrayList<>();
        for (int i = 0; i < used.size(); i++) {
            View view = views.get(i).orElse(null);
            int index = usable.indexOf(view);
            frames.add(FaceFrame.newBuilder()
                    .setTimeMs(used.get(i).timeMs())
                    .setPresence(view == null ? 0 : (float) view.mesh().presence())
                    .setUsable(index >= 0)
                    .setView(view == null ? null : view.toRecord())
                    .setUnits(index < 0 ? List.of() : units(view, shapes.get(index)))
                    .build());
        }
        return frames;
    }

    private static List<MeasuredUnit> units(View view, FaceShape shape) {
        return Arrays.stream(ActionUnit.values())
                .map(unit -> unit(unit, view, shape))
                .toList();
    }

    private static MeasuredUnit unit(ActionUnit unit, View view, FaceShape shape) {
        return MeasuredUnit.newBuilder()
                .setActionUnit(unit.number())
                .setValue((float) unit.value(shape))
                .setReliability(
                        (float) unit.reliability(view.quality(), view.pose().pitch()))
                .setRelative(unit.relative())
                .build();
    }

    /** The strongest showing of each unit; the middle one of closed eyes. */
    private static List<MeasuredUnit> peaks(List<View> views, List<FaceShape> shapes) {
        List<MeasuredUnit> peaks = new ArrayList<>();
        for (ActionUnit unit : ActionUnit.values()) {
            List<MeasuredUnit> shown = new ArrayList<>();
            for (int i = 0; i < views.size(); i++) {
                shown.add(unit(unit, views.get(i), shapes.get(i)));
            }
            shown.sort(Comparator.comparing(MeasuredUnit::getValue));
            peaks.add(shown.get(unit == ActionUnit.EYES_CLOSED ? (shown.size() - 1) / 2 : shown.size() - 1));
        }
        return peaks;
    }

    /** Mean over the frames of q p + (1 - q) / 6, where q is the quality of the view: a bad view tells little. */
    private FaceExpression expression(List<View> views, List<FaceShape> shapes) {
        float[][] looks = appearance
                ? nets.expressions(views.stream()
                        .map(view ->
                                Resampling.crop(view.frame(), view.mesh().expressionRegion(), FaceNets.EXPRESSION_SIZE))
                        .toArray(byte[][]::new))
                : null;
        double[] mean = new double[Expression.values().length];
        for (int i = 0; i < views.size(); i++) {
            double quality = views.get(i).quality();
            double[] rules = Expression.ofRules(shapes.get(i));
            double[] net = looks == null ? rules : Expression.ofNet(looks[i]);
            for (int k = 0; k < mean.length; k++) {
                double p = (rules[k] + net[k]) / 2;
                mean[k] += (quality * p + (1 - quality) / mean.length) / views.size();
            }
        }
        return FaceExpression.newBuilder()
                .setHappy((float) mean[Expression.HAPPY.ordinal()])
                .setNeutral((float) mean[Expression.NEUTRAL.ordinal()])
                .setSurprise((float) mean[Expression.SURPRISE.ordinal()])
                .setSad((float) mean[Expression.SAD.ordinal()])
                .setAngry((float) mean[Expression.ANGRY.ordinal()])
                .setOther((float) mean[Expression.OTHER.ordinal()])
                .build();
    }

    @Override
    public void close() {
        nets.close();
    }
}
