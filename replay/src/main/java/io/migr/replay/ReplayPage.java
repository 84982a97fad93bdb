package io.migr.replay;

import static io.migr.replay.ReplayJson.word;

import io.migr.evaluation.report.Html;
import io.migr.evaluation.report.Page;
import io.migr.evaluation.report.Svg;
import io.migr.schemas.Dominance;
import io.migr.schemas.Emotion;
import io.migr.schemas.ReasoningStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongBiFunction;

/** Writes a replay's report as an HTML page. */
public final class ReplayPage {
    private static final List<Dominance> LEADS =
            List.of(Dominance.VISUAL, Dominance.BALANCED, Dominance.AUDIO, Dominance.NEITHER);

    private final ReplayResult result;
    private final VersionComparison comparison;
    private final Page page;

    private ReplayPage(ReplayResult result) {
        this.result = result;
        comparison = result.comparison();
        page = new Page("migr replay " + result.plan().getId());
    }

    /** The HTML text of the whole page. */
    public static String of(ReplayResult result) {
        ReplayPage page = new ReplayPage(result);
        page.head();
        if (page.comparison.clips() > 0) {
            page.cards();
            page.sides();
            page.flips();
            page.shifts();
            page.changes();
        }
        page.notAnswered();
        return page.page.end();
    }

    private void head() {
        page.add("<h1>migr replay</h1>");
        page.add("<p class=\"lead\">The results of the model on recorded clips, compared with its results before.</p>");
        StringBuilder facts = new StringBuilder("<dl class=\"facts\">");
        fact(facts, "replay", result.plan().getId());
        fact(facts, "of", result.plan().getAsked());
        fact(facts, "model", result.plan().getModel());
        fact(facts, "against", result.against());
        fact(facts, "clips", String.valueOf(comparison.clips()));
        fact(facts, "labelled", String.valueOf(comparison.labelled()));
        page.add(facts.append("</dl>").toString());
        if (result.unmatched() > 0) {
            note(result.unmatched() + " replayed clips have no recorded result and are left out.");
        }
        if (comparison.withoutMedia() > 0) {
            note(comparison.withoutMedia()
                    + " requests carried no media, which a version needs (features.carry), and are left out.");
        }
        if (result.failed() > 0) {
            note(result.failed() + " were not answered, listed at the end.");
        }
        if (comparison.before().versions().size() > 1) {
            note("The recorded results come from several versions: "
                    + String.join(", ", comparison.before().versions()) + ".");
        }
    }

    private static void fact(StringBuilder facts, String name, String value) {
        facts.append("<div><dt>")
                .append(name)
                .append("</dt><dd>")
                .append(Html.escape(value))
                .append("</dd></div>");
    }

    private void note(String text) {
        page.add("<p class=\"note\">" + Html.escape(text) + "</p>");
    }

    private void cards() {
        page.add("<div class=\"cards\">"
                + card(percent(comparison.agreement()), "clips with the same emotion")
                + card(percent(comparison.same() / (double) comparison.clips()), "clips with identical results")
                + card(percent(comparison.sameLead()), "clips led by the same modality")
                + card(
                        String.format(Locale.ROOT, "%.1f", 100 * comparison.meanAbsoluteShift()),
                        "points that the face's share moved, on average")
                + "</div>");
    }

    private static String card(String value, String what) {
        return "<div class=\"card\"><b>" + value + "</b><span>" + what + "</span></div>";
    }

    private static String percent(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.1f&nbsp;%%", 100 * value);
    }

    private void sides() {
        page.section(
                "Accuracy and consistency",
                "An explanation is inconsistent if it concludes an emotion other than the predicted one, or none. IR is "
                        + "the inconsistent share of correctly predicted labelled clips; WAR and UAR are recall over labelled clips and its "
                        + "mean over emotions."
                        + (comparison.labelled() == 0 ? " No clip has a label, so there is no IR, WAR, UAR." : ""));
        Html.Table table = new Html.Table(List.of("", "before", "after"));
        VersionStatistics before = comparison.before();
        VersionStatistics after = comparison.after();
        table.row("inconsistent", List.of(percent(before.inconsistent()), percent(after.inconsistent())));
        if (comparison.labelled() > 0) {
            table.row("IR", List.of(percent(before.ir()), percent(after.ir())));
            table.row("WAR", List.of(percent(before.war()), percent(after.war())));
            table.row("UAR", List.of(percent(before.uar()), percent(after.uar())));
        }
        page.add(table.end());
        if (comparison.labelled() > 0) {
            page.add("<p>Of " + comparison.labelled() + " labelled clips " + comparison.won() + " became right and "
                    + comparison.lost() + " became wrong.</p>");
        }
    }

    private void flips() {
        page.section("Which emotion became which", "Rows are before, columns after, cells clips.");
        page.add(matrix(ReplayTable.emotions(comparison), comparison::emotions));
    }

    private void shifts() {
        page.section(
                "Modality importance",
                "The face's share after minus before: left of the middle the voice gained, right of it the "
                        + "face. Mean "
                        + String.format(Locale.ROOT, "%+.3f", comparison.meanShift()) + ", largest "
                        + String.format(Locale.ROOT, "%.3f", comparison.largestShift()) + ".");
        page.add(Html.figure(
                "Clips by shift of the face's share, from &minus;1 to 1; heights grow as the square root, so that single "
                        + "clips can be seen.",
                histogram(comparison.shifts())));
        page.add("<p>The modality that leads: rows are before, columns after, cells clips.</p>");
        page.add(matrix(LEADS, comparison::leads));
    }

    private static <E extends Enum<E>> String matrix(List<E> symbols, ToLongBiFunction<E, E> counts) {
        List<String> heads = new ArrayList<>(List.of("before"));
        symbols.forEach(now -> heads.add(word(now)));
        Html.Table table = new Html.Table(heads);
        for (E old : symbols) {
            List<String> cells = new ArrayList<>();
            for (E now : symbols) {
                long count = counts.applyAsLong(old, now);
                cells.add(count == 0 ? "" : old == now ? String.valueOf(count) : "<b>" + count + "</b>");
            }
            table.row(word(old), cells);
        }
        return table.end();
    }

    private static String histogram(long[] bins) {
        double wide = 26;
        double high = 150;
        long most = 1;
        for (long count : bins) {
            most = Math.max(most, count);
        }
        Svg svg = new Svg(bins.length * wide + 20, high + 44, "clips by shift of the face's share");
        for (int i = 0; i < bins.length; i++) {
            double height = high * Math.sqrt(bins[i] / (double) most);
            String title = String.format(
                    Locale.ROOT,
                    "%+.1f to %+.1f: %d clips",
                    -1 + 2.0 * i / bins.length,
                    -1 + 2.0 * (i + 1) / bins.length,
                    bins[i]);
            svg.rect(10 + i * wide + 1, 20 + high - height, wide - 2, height, "fill s0", title);
            if (bins[i] > 0) {
                svg.words(10 + (i + 0.5) * wide, 14 + high - height, "middle small", String.valueOf(bins[i]));
            }
        }
        svg.line(10, 20 + high, 10 + bins.length * wide, 20 + high, "grid");
        for (String at : List.of("-1", "-0.5", "0", "+0.5", "+1")) {
            svg.words(10 + (Double.parseDouble(at) + 1) / 2 * bins.length * wide, high + 38, "middle soft", at);
        }
        return svg.end();
    }

    private void changes() {
        page.section(
                "Changed most",
                comparison.mostChanged().isEmpty()
                        ? "Nothing changed."
                        : "Flips first, then by how far probabilities and the face's share moved (at most 2).");
        for (ClipChange change : comparison.mostChanged()) {
            page.add("<h3>" + Html.escape(change.clip())
                    + (change.label() == null ? "" : ", labelled <b>" + word(change.label()) + "</b>")
                    + String.format(Locale.ROOT, " <span class=\"soft\">moved %.2f</span></h3>", change.size()));
            page.add("<div class=\"beside\">" + answer("before", change.before(), change.label())
                    + answer("after", change.after(), change.label()) + "</div>");
        }
    }

    private void notAnswered() {
        if (result.failed() == 0) {
            return;
        }
        page.section(
                "Not answered",
                result.failed() > result.reasons().size()
                        ? "The first " + result.reasons().size() + " of " + result.failed() + "."
                        : "Participant, partition and offset, and why.");
        StringBuilder list = new StringBuilder("<ul>");
        result.reasons()
                .forEach(reason ->
                        list.append("<li>").append(Html.escape(reason)).append("</li>"));
        page.add(list.append("</ul>").toString());
    }

    private static String answer(String when, VersionAnswer answer, Emotion label) {
        Emotion emotion = answer.prediction().getEmotion();
        float share = answer.prediction().getImportance().getVisualShare();
        StringBuilder html = new StringBuilder("<div class=\"said\"><header><span>")
                .append(when)
                .append(" <b>")
                .append(word(emotion))
                .append(label == null ? "" : emotion == label ? " (right)" : " (wrong)")
                .append("</b></span><span>")
                .append(String.format(
                        Locale.ROOT, "face %.0f&nbsp;%%, voice %.0f&nbsp;%%", 100 * share, 100 - 100 * share))
                .append("</span><span>")
                .append(Html.escape(answer.prediction().getModelVersion()))
                .append("</span></header>");
        for (ReasoningStep step : answer.explanation().getSteps()) {
            html.append("<p><em>")
                    .append(ReplayTable.subject(step))
                    .append("</em>")
                    .append(Html.escape(step.getText()))
                    .append("</p>");
        }
        return html.append("</div>\n").toString();
    }
}
