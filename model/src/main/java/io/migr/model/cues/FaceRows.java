package io.migr.model.cues;

import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceExpression;
import io.migr.schemas.FaceFrame;
import io.migr.schemas.FaceView;
import io.migr.schemas.MeasuredUnit;
import java.util.List;

/**
 * The face of a clip as {@value #ROWS} rows of {@value #VALUES} numbers of about -1..1: one row an action unit,
 * one for the expression, one for the view.
 */
public final class FaceRows {
    /** FACS numbers of the rows of units. */
    public static final List<Integer> UNITS = List.of(1, 2, 4, 5, 6, 12, 15, 17, 24, 25, 26, 43);

    public static final int ROWS = 14;
    /** Numbers in a row, here and in {@link VoiceRows}. */
    public static final int VALUES = CueRow.VALUES;

    private static final int EXPRESSION = 12;
    private static final int VIEW = 13;

    private FaceRows() {}

    static float[] of(ClipCues clip) {
        CueRow rows = new CueRow(ROWS);
        if (clip.hasFace()) {
            for (int row = 0; row < UNITS.size(); row++) {
                int number = UNITS.get(row);
                int at = row;
                clip.unit(number).ifPresent(unit -> unit(rows.at(at), unit, clip.difference(number)));
            }
            expression(rows.at(EXPRESSION), clip.face());
            view(rows.at(VIEW), clip.face());
        }
        return rows.values();
    }

    /** A relative unit says nothing by its value alone, so that this is left out. */
    private static void unit(CueRow row, MeasuredUnit unit, double difference) {
        boolean known = !Double.isNaN(difference);
        row.put(1).put(unit.getReliability());
        if (unit.getRelative()) {
            row.put(0).put(0);
        } else {
            row.put(2 * unit.getValue() - 1).put(unit.getReliability() * (2 * unit.getValue() - 1));
        }
        row.put(known ? 1 : 0).put(known ? difference : 0);
    }

    private static void expression(CueRow row, FaceCues face) {
        FaceExpression e = face.getExpression();
        if (e != null) {
            double strongest = Math.max(
                    Math.max(Math.max(e.getHappy(), e.getNeutral()), Math.max(e.getSurprise(), e.getSad())),
                    Math.max(e.getAngry(), e.getOther()));
            row.put(1).put(e.getHappy()).put(e.getNeutral()).put(e.getSurprise());
            row.put(e.getSad()).put(e.getAngry()).put(e.getOther()).put(strongest);
        }
    }

    private static void view(CueRow row, FaceCues face) {
        List<FaceFrame> usable = face.getFrames().stream()
                .filter(frame -> frame.getUsable() && frame.getView() != null)
                .toList();
        if (usable.isEmpty()) {
            return;
        }
        double yaw = 0;
        double pitch = 0;
        double light = 0;
        double width = 0;
        double inside = 0;
        for (FaceFrame frame : usable) {
            FaceView view = frame.getView();
            yaw += Math.abs(view.getYaw()) / usable.size();
            pitch += view.getPitch() / usable.size();
            light += view.getLight() / usable.size();
            width += view.getWidth() / usable.size();
            inside += view.getInside() / usable.size();
        }
        row.put(1).put(usable.size() / (double) face.getFrames().size());
        row.put(yaw / 35).put(pitch / 35).put(light).put(Math.log(width / 64) / Math.log(2) / 3);
        row.put(inside).put(face.getFaces() > 1 ? 1 : 0);
    }
}
