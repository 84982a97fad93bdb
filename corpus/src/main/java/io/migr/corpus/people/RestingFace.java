package io.migr.corpus.people;

import io.migr.schemas.FaceCues;
import io.migr.schemas.FaceExpression;
import io.migr.schemas.FaceFrame;
import io.migr.schemas.MeasuredUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How the face of one person is measured at rest, where it differs from the people that {@link PeopleClip} draws: for
 * checks of learning from labels. All numbers are assumptions of ours (n = 0).
 *
 * <pre>
 * expression' = (1 - w) expression + w e    of a face that displays nothing; w = lean * quality of the view
 * value'      = min(1, value + addition)    of the units 12 (only at rest) and 43
 * </pre>
 *
 * @param look place of the class that a resting face leans to, in the order of the expression vector
 * @param lean 0..1
 * @param smile added to the unit 12 of a resting face
 * @param lids added to the unit 43, the closed lids
 */
record RestingFace(int look, double lean, double smile, double lids) {
    private static final int HAPPY = 0;
    private static final int SAD = 3;
    private static final int ANGRY = 4;
    private static final int CLASSES = 6;
    private static final int LIP_CORNERS = 12;
    private static final int LIDS = 43;

    /** The face of one of {@link PeopleClip#PEOPLE} people: five look sad at rest, three angry, two smile. */
    static RestingFace of(int person) {
        if (person < 0 || person >= PeopleClip.PEOPLE) {
            throw new IllegalArgumentException(
                    "There are people 0 to " + (PeopleClip.PEOPLE - 1) + ", not " + person + ".");
        }
        SplittableRandom random = new SplittableRandom(new SplittableRandom(0x52455354L + person).nextLong());
        int look = person < 5 ? SAD : person < 8 ? ANGRY : HAPPY;
        return new RestingFace(
                look,
                0.45 + 0.25 * random.nextDouble(),
                look == HAPPY ? 0.25 + 0.2 * random.nextDouble() : 0,
                0.3 * random.nextDouble());
    }

    /** What is measured of a face that displays something on this person, in a view of this quality. */
    FaceCues measured(FaceCues face, Display display, double quality) {
        boolean rests = display == Display.NEUTRAL;
        List<FaceFrame> frames = new ArrayList<>();
        for (FaceFrame frame : face.getFrames()) {
            frames.add(FaceFrame.newBuilder(frame)
                    .setUnits(units(frame.getUnits(), rests))
                    .build());
        }
        FaceExpression expression = face.getExpression();
        return FaceCues.newBuilder(face)
                .setFrames(frames)
                .setUnits(units(face.getUnits(), rests))
                .setExpression(rests && expression != null ? leaning(expression, quality) : expression)
                .build();
    }

    private List<MeasuredUnit> units(List<MeasuredUnit> units, boolean rests) {
        List<MeasuredUnit> own = new ArrayList<>();
        for (MeasuredUnit unit : units) {
            double more =
                    unit.getActionUnit() == LIDS ? lids : rests && unit.getActionUnit() == LIP_CORNERS ? smile : 0;
            own.add(MeasuredUnit.newBuilder(unit)
                    .setValue((float) Math.min(1, unit.getValue() + more))
                    .build());
        }
        return own;
    }

    private FaceExpression leaning(FaceExpression expression, double quality) {
        double share = lean * quality;
        double[] shares = {
            expression.getHappy(),
            expression.getNeutral(),
            expression.getSurprise(),
            expression.getSad(),
            expression.getAngry(),
            expression.getOther()
        };
        for (int c = 0; c < CLASSES; c++) {
            shares[c] = (1 - share) * shares[c] + (c == look ? share : 0);
        }
        return new FaceExpression(
                (float) shares[0], (float) shares[1], (float) shares[2], (float) shares[3], (float) shares[4], (float)
                        shares[5]);
    }
}
