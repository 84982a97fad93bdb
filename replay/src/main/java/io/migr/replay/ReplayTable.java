package io.migr.replay;

import static io.migr.replay.ReplayJson.word;

import io.migr.evaluation.report.ReportTable;
import io.migr.schemas.Emotion;
import io.migr.schemas.ReasoningStep;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Writes a replay's report as text for terminals. */
public final class ReplayTable {
    private static final int SHOWN = 3;
    private static final int REASONS = 5;

    private ReplayTable() {}

    /** The report: several lines, each ended by a line feed. */
    public static String of(ReplayResult result) {
        VersionComparison comparison = result.comparison();
        StringBuilder text = new StringBuilder();
        line(text, "replay %s of %s", result.plan().getId(), result.plan().getAsked());
        line(text, "%s against %s, %d clips", result.plan().getModel(), result.against(), comparison.clips());
        if (result.unmatched() > 0) {
            line(text, "%d replayed clips have no recorded result and are left out", result.unmatched());
        }
        if (comparison.withoutMedia() > 0) {
            line(
                    text,
                    "%d requests carried no media, which a version needs (features.carry), and are left out;"
                            + " --from-media reads their clips",
                    comparison.withoutMedia());
        }
        if (result.failed() > 0) {
            line(text, "%d were not answered:", result.failed());
            result.reasons().stream().limit(REASONS).forEach(reason -> line(text, "    %s", reason));
            if (result.failed() > REASONS) {
                line(
                        text,
                        "    and %d more; --out and --json list %d",
                        result.failed() - REASONS,
                        result.reasons().size());
            }
        }
        if (comparison.clips() == 0) {
            return text.toString();
        }
        line(text, "");
        line(text, "agreement      %s", ReportTable.number(comparison.agreement()));
        line(
                text,
                "same           %d of %d clips, %d explanations",
                comparison.same(),
                comparison.clips(),
                comparison.sameTexts());
        line(text, "same lead      %s", ReportTable.number(comparison.sameLead()));
        line(
                text,
                "share shift    mean %+.3f, mean absolute %.3f, largest %.3f",
                comparison.meanShift(),
                comparison.meanAbsoluteShift(),
                comparison.largestShift());
        line(text, "");
        line(text, "%-14s %7s %7s", "", "before", "after");
        row(
                text,
                "inconsistent",
                comparison.before().inconsistent(),
                comparison.after().inconsistent());
        if (comparison.labelled() > 0) {
            row(text, "ir", comparison.before().ir(), comparison.after().ir());
            row(text, "war", comparison.before().war(), comparison.after().war());
            row(text, "uar", comparison.before().uar(), comparison.after().uar());
            line(
                    text,
                    "%d clips have a label: %d became right, %d became wrong",
                    comparison.labelled(),
                    comparison.won(),
                    comparison.lost());
        } else {
            line(text, "no clip has a label (migr label), so there is no ir, war, uar");
        }
        if (comparison.agreement() < 1) {
            matrix(text, comparison);
        }
        List<ClipChange> most = comparison.mostChanged();
        if (!most.isEmpty()) {
            line(text, "");
            line(text, "changed most:");
            most.stream().limit(SHOWN).forEach(change -> change(text, change));
            if (most.size() > SHOWN) {
                line(text, "--out and --json have %d more", most.size() - SHOWN);
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    private static void row(StringBuilder text, String name, double before, double after) {
        line(text, "%-14s %7s %7s", name, ReportTable.number(before), ReportTable.number(after));
    }

    private static void matrix(StringBuilder text, VersionComparison comparison) {
        List<Emotion> used = emotions(comparison);
        line(text, "");
        StringBuilder head = new StringBuilder(String.format("%-14s", "before, after:"));
        used.forEach(now -> head.append(String.format(" %9.9s", word(now))));
        line(text, "%s", head);
        for (Emotion old : used) {
            StringBuilder row = new StringBuilder(String.format("%-14s", word(old)));
            used.forEach(now -> row.append(
                    String.format(" %9s", comparison.emotions(old, now) == 0 ? "." : comparison.emotions(old, now))));
            line(text, "%s", row);
        }
    }

    /** The emotions that occur on either side. */
    static List<Emotion> emotions(VersionComparison comparison) {
        return Arrays.stream(Emotion.values())
                .filter(one -> Arrays.stream(Emotion.values())
                        .anyMatch(other -> comparison.emotions(one, other) + comparison.emotions(other, one) > 0))
                .toList();
    }

    private static void change(StringBuilder text, ClipChange change) {
        line(text, "%s%s", change.clip(), change.label() == null ? "" : ", labelled " + word(change.label()));
        answer(text, "before", change.before());
        answer(text, "after", change.after());
    }

    private static void answer(StringBuilder text, String when, VersionAnswer answer) {
        float share = answer.prediction().getImportance().getVisualShare();
        line(
                text,
                "    %-6s %s, face %.0f %%, voice %.0f %%",
                when,
                word(answer.prediction().getEmotion()),
                100 * share,
                100 - 100 * share);
        for (ReasoningStep step : answer.explanation().getSteps()) {
            line(text, "           %-5s %s", subject(step), step.getText());
        }
    }

    /** What a step is about: face, voice, or "so" for the conclusion. */
    static String subject(ReasoningStep step) {
        if (step.getModality() == null) {
            return "so";
        }
        return switch (step.getModality()) {
            case VISUAL -> "face";
            case AUDIO -> "voice";
            case UNKNOWN -> "?";
        };
    }
}
