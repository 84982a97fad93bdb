package io.migr.evaluation.report;

import java.util.Locale;

/**
 * Builds an SVG drawing. Colours are CSS classes that the page defines, so that one drawing works in light and dark
 * mode; {@code s0} to {@code s5} are the colours of series.
 */
public final class Svg {
    private final StringBuilder text = new StringBuilder();

    /** Starts a drawing; {@code label} describes it for screen readers. */
    public Svg(double width, double height, String label) {
        text.append(String.format(
                Locale.ROOT,
                "<svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %.0f %.0f\" style=\"width:%.0fpx\">",
                Html.escape(label),
                width,
                height,
                width));
    }

    public Svg line(double x1, double y1, double x2, double y2, String classes) {
        return element("line", classes, null, "x1", x1, "y1", y1, "x2", x2, "y2", y2);
    }

    /** A rectangle; {@code title} is its tooltip, null for none. */
    public Svg rect(double x, double y, double width, double height, String classes, String title) {
        return element("rect", classes, title, "x", x, "y", y, "width", Math.max(0, width), "height", height);
    }

    /** A rectangle whose fill has an opacity of {@code strength}, 0..1. */
    Svg cell(double x, double y, double width, double height, String classes, double strength, String title) {
        return element(
                "rect", classes, title, "x", x, "y", y, "width", width, "height", height, "fill-opacity", strength);
    }

    Svg circle(double x, double y, double radius, String classes, String title) {
        return element("circle", classes, title, "cx", x, "cy", y, "r", radius);
    }

    /** A line through points. */
    Svg curve(double[] x, double[] y, String classes) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < x.length; i++) {
            points.append(String.format(Locale.ROOT, "%s%.1f,%.1f", i == 0 ? "" : " ", x[i], y[i]));
        }
        text.append("<polyline class=\"")
                .append(classes)
                .append("\" points=\"")
                .append(points)
                .append("\"/>");
        return this;
    }

    /** Text at a position; {@code classes} may contain {@code end} or {@code middle} to anchor it there. */
    public Svg words(double x, double y, String classes, String words) {
        text.append(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", classes, x, y))
                .append(Html.escape(words))
                .append("</text>");
        return this;
    }

    /** Text rotated so that it rises to the right. */
    Svg slanted(double x, double y, String classes, String words) {
        return turned(x, y, 35, classes, words);
    }

    /** Text rotated to read upward. */
    Svg upright(double x, double y, String classes, String words) {
        return turned(x, y, 90, classes, words);
    }

    private Svg turned(double x, double y, int degrees, String classes, String words) {
        text.append(String.format(
                        Locale.ROOT,
                        "<text class=\"%s\" transform=\"translate(%.1f %.1f) rotate(-%d)\">",
                        classes,
                        x,
                        y,
                        degrees))
                .append(Html.escape(words))
                .append("</text>");
        return this;
    }

    private Svg element(String name, String classes, String title, Object... attributes) {
        text.append('<').append(name).append(" class=\"").append(classes).append('"');
        for (int i = 0; i < attributes.length; i += 2) {
            text.append(String.format(
                    Locale.ROOT, " %s=\"%.2f\"", attributes[i], ((Number) attributes[i + 1]).doubleValue()));
        }
        text.append(title == null ? "/>" : "><title>" + Html.escape(title) + "</title></" + name + ">");
        return this;
    }

    /** The finished element. */
    public String end() {
        return text + "</svg>";
    }
}
