package io.migr.corpus;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/**
 * Draws one picture of a face. Every action unit moves the same parts as on a real face and adds the wrinkles that
 * belong to it. Coordinates are fractions of the picture size, so the same face can be drawn at any size.
 */
final class FacePainter {

    /**
     * Position and state of the head at one moment.
     *
     * @param dx shift to the right, as a fraction of the picture
     * @param dy shift down, as a fraction of the picture
     * @param roll tilt, radians
     * @param lids how far a blink closes the lids, 0..1
     * @param speech how far speech opens the mouth, 0..1
     * @param covered the face is hidden by a hand-like shape
     * @param present false: the picture shows only the background
     */
    record Pose(double dx, double dy, double roll, double lids, double speech, boolean covered, boolean present) {}

    private static final double EYE_LINE = 0.46;

    private final FaceLook look;
    private final int size;

    FacePainter(FaceLook look, int size) {
        this.look = look;
        this.size = size;
    }

    /** Draws the face; {@code units} holds intensities 0..1 in the order of {@link DrawnFaceCues#UNITS}. */
    BufferedImage paint(double[] units, Pose pose) {
        BufferedImage picture = new BufferedImage(size, size, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setColor(look.background());
        g.fillRect(0, 0, size, size);
        g.scale(size, size);
        if (pose.present()) {
            g.translate(pose.dx(), pose.dy());
            g.rotate(pose.roll(), 0.5, 0.75);
            head(g, au(units, 26) * 0.035 + pose.speech() * 0.012);
            brows(g, units);
            for (int side = -1; side <= 1; side += 2) {
                eye(g, units, side, pose.lids());
            }
            nose(g, units);
            mouth(g, units, pose.speech());
            wrinkles(g, units);
            if (pose.covered()) {
                cover(g);
            }
        }
        g.dispose();
        return picture;
    }

    /** The intensity of the action unit with FACS number {@code unit}. */
    private static double au(double[] units, int unit) {
        return units[DrawnFaceCues.index(unit)];
    }

    private Color shade(Color colour, double light) {
        double l = light * look.light();
        return new Color((int) Math.min(255, colour.getRed() * l), (int) Math.min(255, colour.getGreen() * l), (int)
                Math.min(255, colour.getBlue() * l));
    }

    /** Hair, neck and head; the jaw drops by {@code jaw}. */
    private void head(Graphics2D g, double jaw) {
        double w = look.width();
        double h = look.height();
        g.setColor(shade(look.hair(), 1));
        double back = look.longHair() ? 1.15 : 1.06;
        g.fill(new Ellipse2D.Double(0.5 - w * back, 0.04, 2 * w * back, look.longHair() ? 0.95 : 0.62));
        g.setColor(shade(look.skin(), 0.85));
        g.fill(new Rectangle2D.Double(0.5 - w * 0.4, 0.8, w * 0.8, 0.25));
        g.setColor(shade(look.skin(), 1));
        g.fill(new Ellipse2D.Double(0.5 - w, 0.52 - h, 2 * w, 2 * h + jaw));
        g.setColor(shade(look.hair(), 1));
        Path2D fringe = new Path2D.Double();
        fringe.moveTo(0.5 - w * 1.03, 0.36);
        fringe.curveTo(0.5 - w * 0.95, 0, 0.5 + w * 0.95, 0, 0.5 + w * 1.03, 0.36);
        fringe.curveTo(0.5 + w * 0.7, 0.2, 0.5 - w * 0.5, 0.17, 0.5 - w * 1.03, 0.36);
        g.fill(fringe);
    }

    private void brows(Graphics2D g, double[] u) {
        double line = EYE_LINE - look.browGap();
        double inner = line - 0.045 * au(u, 1) + 0.04 * au(u, 4) - 0.004;
        double outer = line - 0.05 * au(u, 2) + 0.012 * au(u, 4);
        double arch = line - 0.016 - 0.03 * (au(u, 1) + au(u, 2)) / 2 + 0.025 * au(u, 4);
        double innerX = 0.065 - 0.022 * au(u, 4);
        g.setColor(shade(FaceLook.blend(look.hair(), Color.BLACK, 0.6), 1));
        g.setStroke(new BasicStroke((float) look.browWeight(), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        for (int side = -1; side <= 1; side += 2) {
            Path2D brow = new Path2D.Double();
            brow.moveTo(0.5 + side * innerX, inner);
            brow.quadTo(0.5 + side * look.eyeGap(), arch - 0.012, 0.5 + side * (look.eyeGap() + 0.085), outer);
            g.draw(brow);
        }
    }

    private void eye(Graphics2D g, double[] u, int side, double lids) {
        double x = 0.5 + side * look.eyeGap();
        double half = look.eyeSize();
        double open = (1 - 0.9 * Math.max(lids, 0.85 * au(u, 43)));
        double upper = 0.034 * (1 + 0.75 * au(u, 5) - 0.15 * au(u, 7)) * open;
        double lower = 0.026 * (1 + 0.2 * au(u, 5) - 0.75 * au(u, 7) - 0.6 * au(u, 6)) * open;
        Path2D white = new Path2D.Double();
        white.moveTo(x - half, EYE_LINE);
        white.quadTo(x, EYE_LINE - 2 * upper, x + half, EYE_LINE);
        white.quadTo(x, EYE_LINE + 2 * Math.max(0.002, lower), x - half, EYE_LINE);
        g.setColor(shade(Color.WHITE, 0.95));
        g.fill(white);
        Shape clip = g.getClip();
        g.clip(white);
        g.setColor(shade(look.iris(), 1));
        double r = 0.028;
        g.fill(new Ellipse2D.Double(x - r, EYE_LINE - r - 0.004, 2 * r, 2 * r));
        g.setColor(Color.BLACK);
        g.fill(new Ellipse2D.Double(x - r / 2, EYE_LINE - r / 2 - 0.004, r, r));
        g.setClip(clip);
        g.setStroke(new BasicStroke(0.008f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.setColor(shade(FaceLook.blend(look.skin(), Color.BLACK, 0.75), 1));
        g.draw(white);
        if (look.glasses()) {
            g.setStroke(new BasicStroke(0.009f));
            g.setColor(new Color(40, 40, 50));
            g.draw(new Ellipse2D.Double(x - 0.095, EYE_LINE - 0.068, 0.19, 0.15));
        }
    }

    private void nose(Graphics2D g, double[] u) {
        double lift = 0.02 * au(u, 9) + 0.008 * au(u, 10);
        double y = EYE_LINE + look.noseLength() - lift;
        double flare = 0.042 + 0.014 * au(u, 9);
        g.setColor(shade(FaceLook.blend(look.skin(), Color.BLACK, 0.35), 1));
        g.setStroke(new BasicStroke(0.009f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        Path2D nose = new Path2D.Double();
        nose.moveTo(0.5 - flare, y - 0.012);
        nose.quadTo(0.5 - flare, y + 0.014, 0.5 - 0.012, y + 0.008);
        nose.quadTo(0.5, y + 0.016, 0.5 + 0.012, y + 0.008);
        nose.quadTo(0.5 + flare, y + 0.014, 0.5 + flare, y - 0.012);
        g.draw(nose);
    }

    private double mouthLine() {
        return EYE_LINE + look.noseLength() + 0.105;
    }

    private void mouth(Graphics2D g, double[] u, double speech) {
        double y = mouthLine() - 0.008 * au(u, 17);
        double half =
                look.mouthWidth() * (1 + 0.28 * au(u, 12) + 0.38 * au(u, 20) - 0.36 * au(u, 23) - 0.05 * au(u, 24));
        double corner = y - 0.042 * au(u, 12) + 0.042 * au(u, 15) + 0.012 * au(u, 20);
        double gap = 0.014 * au(u, 25) + 0.062 * au(u, 26) + 0.028 * speech + 0.016 * au(u, 16);
        gap *= 1 - 0.85 * Math.max(au(u, 24), 0.5 * au(u, 23));
        double top = y - 0.35 * gap - 0.022 * au(u, 10);
        double bottom = y + 0.65 * gap + 0.016 * au(u, 16) - 0.012 * au(u, 17);
        bottom = Math.max(bottom, top + 0.002);
        double lip = look.lipWeight() * (1 - 0.6 * au(u, 23) - 0.7 * au(u, 24));
        Path2D inside = lips(half, corner, top, bottom);
        Path2D outside = lips(half * 1.06, corner, top - lip, bottom + lip * 1.3);
        g.setColor(shade(look.lips(), 1));
        g.fill(outside);
        g.setColor(shade(new Color(60, 16, 20), 1));
        g.fill(inside);
        if (bottom - top > 0.012) {
            Shape clip = g.getClip();
            g.clip(inside);
            g.setColor(shade(Color.WHITE, 0.95));
            g.fill(new Rectangle2D.Double(0.5 - half * 0.7, top - 0.01, half * 1.4, 0.014 + 0.2 * gap));
            if (au(u, 16) > 0) {
                g.fill(new Rectangle2D.Double(0.5 - half * 0.6, bottom - 0.012, half * 1.2, 0.02));
            }
            g.setClip(clip);
        }
        g.setColor(shade(FaceLook.blend(look.lips(), Color.BLACK, 0.55), 1));
        g.setStroke(
                new BasicStroke((float) (0.006 + 0.006 * au(u, 24)), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(inside);
    }

    private static Path2D lips(double half, double corner, double top, double bottom) {
        Path2D lips = new Path2D.Double();
        double middle = (top + bottom) / 2;
        lips.moveTo(0.5 - half, corner);
        lips.quadTo(0.5 - half * 0.45, 1.6 * top - 0.6 * (corner + middle) / 2, 0.5, top);
        lips.quadTo(0.5 + half * 0.45, 1.6 * top - 0.6 * (corner + middle) / 2, 0.5 + half, corner);
        lips.quadTo(0.5 + half * 0.5, 2 * bottom - (corner + middle) / 2, 0.5, bottom);
        lips.quadTo(0.5 - half * 0.5, 2 * bottom - (corner + middle) / 2, 0.5 - half, corner);
        return lips;
    }

    private void wrinkles(Graphics2D g, double[] u) {
        double forehead = EYE_LINE - look.browGap() - 0.075;
        for (int i = 0; i < 2; i++) {
            double y = forehead - 0.028 * i;
            line(g, Math.max(au(u, 1), 0) * 0.8, 0.5 - 0.06, y, 0.5, y - 0.008, 0.5 + 0.06, y);
            for (int side = -1; side <= 1; side += 2) {
                line(g, au(u, 2) * 0.8, 0.5 + side * 0.1, y, 0.5 + side * 0.15, y - 0.014, 0.5 + side * 0.2, y);
            }
        }
        for (int side = -1; side <= 1; side += 2) {
            double x = 0.5 + side * 0.016;
            line(g, au(u, 4), x, EYE_LINE - 0.09, x - side * 0.004, EYE_LINE - 0.065, x, EYE_LINE - 0.04);
            double eye = 0.5 + side * (look.eyeGap() + look.eyeSize() + 0.012);
            for (int i = -1; i <= 1; i++) {
                line(
                        g,
                        au(u, 6),
                        eye,
                        EYE_LINE + 0.01 * i,
                        eye + side * 0.02,
                        EYE_LINE + 0.016 * i,
                        eye + side * 0.042,
                        EYE_LINE + 0.028 * i);
            }
            double cheek = 0.5 + side * look.eyeGap();
            line(g, au(u, 6), cheek - 0.06, EYE_LINE + 0.075, cheek, EYE_LINE + 0.06, cheek + 0.06, EYE_LINE + 0.075);
            line(
                    g,
                    au(u, 7) * 0.7,
                    cheek - 0.05,
                    EYE_LINE + 0.045,
                    cheek,
                    EYE_LINE + 0.052,
                    cheek + 0.05,
                    EYE_LINE + 0.045);
            double nose = EYE_LINE + look.noseLength();
            double fold = Math.max(au(u, 10), 0.7 * au(u, 12));
            line(
                    g,
                    fold,
                    0.5 + side * 0.055,
                    nose - 0.01,
                    0.5 + side * 0.11,
                    nose + 0.03,
                    0.5 + side * 0.13,
                    nose + 0.09);
            for (int i = 0; i < 3; i++) {
                double y = EYE_LINE + 0.02 + 0.022 * i;
                line(g, au(u, 9), 0.5 + side * 0.012, y, 0.5 + side * 0.026, y + 0.004, 0.5 + side * 0.036, y + 0.014);
            }
            double mouth = mouthLine();
            double corner = 0.5 + side * (look.mouthWidth() + 0.02);
            line(
                    g,
                    au(u, 15) * 0.9,
                    corner,
                    mouth + 0.035,
                    corner + side * 0.012,
                    mouth + 0.055,
                    corner + side * 0.01,
                    mouth + 0.08);
            double stretched = 0.5 + side * (look.mouthWidth() * 1.38 + 0.025);
            line(
                    g,
                    au(u, 20) * 0.8,
                    stretched,
                    mouth - 0.02,
                    stretched + side * 0.012,
                    mouth + 0.01,
                    stretched,
                    mouth + 0.04);
        }
        for (int side = -1; side <= 1; side += 2) {
            // tightened lips pull folds around them
            double x = 0.5 + side * look.mouthWidth() * 0.8;
            double y = mouthLine();
            line(g, au(u, 23) * 0.8, x, y - 0.045, x + side * 0.016, y, x, y + 0.045);
        }
        for (int above = -1; above <= 1; above += 2) {
            // pressed lips bulge above and below
            double y = mouthLine() + above * 0.03;
            line(g, au(u, 24), 0.5 - 0.06, y, 0.5, y + above * 0.012, 0.5 + 0.06, y);
        }
        double chin = mouthLine() + 0.085;
        for (int i = -2; i <= 2; i++) {
            double x = 0.5 + 0.022 * i;
            line(g, au(u, 17), x - 0.008, chin, x, chin + 0.012, x + 0.008, chin + (i % 2 == 0 ? 0.004 : 0.016));
        }
    }

    /** A wrinkle from (x1, y1) to (x2, y2), bent towards (cx, cy); a larger {@code strength} is darker and wider. */
    private void line(Graphics2D g, double strength, double x1, double y1, double cx, double cy, double x2, double y2) {
        if (strength <= 0.02) {
            return;
        }
        Color dark = FaceLook.blend(look.skin(), Color.BLACK, 0.6);
        Color shaded = shade(FaceLook.blend(look.skin(), dark, Math.min(1, 0.35 + 0.65 * strength)), 1);
        g.setColor(shaded);
        g.setStroke(new BasicStroke((float) (0.005 + 0.005 * strength), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        Path2D path = new Path2D.Double();
        path.moveTo(x1, y1);
        path.quadTo(cx, cy, x2, y2);
        g.draw(path);
    }

    /** A hand in front of the face. */
    private void cover(Graphics2D g) {
        g.setColor(shade(FaceLook.blend(look.skin(), Color.BLACK, 0.12), 1));
        AffineTransform before = g.getTransform();
        g.rotate(0.15, 0.5, 0.6);
        g.fill(new Ellipse2D.Double(0.2, 0.42, 0.6, 0.62));
        g.setColor(shade(FaceLook.blend(look.skin(), Color.BLACK, 0.4), 1));
        g.setStroke(new BasicStroke(0.008f));
        for (int i = 0; i < 4; i++) {
            double x = 0.22 + 0.14 * i;
            g.setColor(shade(FaceLook.blend(look.skin(), Color.BLACK, 0.12), 1));
            g.fill(new Ellipse2D.Double(x, 0.2, 0.135, 0.45));
            g.setColor(shade(FaceLook.blend(look.skin(), Color.BLACK, 0.4), 1));
            g.draw(new Ellipse2D.Double(x, 0.2, 0.135, 0.45));
        }
        g.setTransform(before);
    }
}
