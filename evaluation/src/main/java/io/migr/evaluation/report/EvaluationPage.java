package io.migr.evaluation.report;

import io.migr.corpus.Cue;
import io.migr.corpus.text.Phrases;
import io.migr.evaluation.measure.CueTable;
import io.migr.evaluation.measure.Drift;
import io.migr.evaluation.measure.Interval;
import io.migr.evaluation.measure.Metric;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.measure.Perspective;
import io.migr.evaluation.measure.Perspective.Source;
import io.migr.evaluation.report.Report.Slice;
import io.migr.model.Modality;
import io.migr.model.ModalityImportance.Estimator;
import io.migr.model.analysis.DriftProbe.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the report of an evaluation as an HTML page, one section per question. */
public final class EvaluationPage {
    /** The metrics shown at the top of the page, with the names used there. */
    private static final Map<Metric, String> CARDS = new EnumMap<>(Metric.class);

    static {
        CARDS.put(Metric.WAR, "accuracy (WAR)");
        CARDS.put(Metric.UAR, "mean recall of the emotions (UAR)");
        CARDS.put(Metric.SHARE, "accuracy over that of the best possible guess");
        CARDS.put(Metric.IR, "right, but the text concludes otherwise (IR)");
        CARDS.put(Metric.FIRST_IR, "right, but the text first asserts something else");
        CARDS.put(Metric.CONTRADICTION, "right, but something else is asserted anywhere");
        CARDS.put(Metric.ORDER, "starts with the modality that truly leads");
        CARDS.put(Metric.CUE_PRECISION, "claimed cues that are true");
        CARDS.put(Metric.CUE_RECALL, "cues worth naming that are claimed");
        CARDS.put(Metric.FORMAT, "explanations that ended by themselves");
    }

    /** The readers, in column order, with their column heads. */
    private static final Map<String, String> READERS = new LinkedHashMap<>();

    static {
        READERS.put("grammar", "read exactly");
        READERS.put("text", "text judge");
        READERS.put("leading_cues", "leading cues");
        READERS.put("cues", "all cues");
    }

    private final Report report;
    private final Page page;

    private EvaluationPage(Report report) {
        this.report = report;
        page = new Page("migr evaluation of " + report.facts().get("model_version"));
    }

    /** Writes the page; sections for which the report has no values are left out. */
    public static String of(Report report) {
        EvaluationPage page = new EvaluationPage(report);
        page.head();
        page.recognition();
        page.faithfulness();
        page.importance();
        page.cues();
        page.drift();
        page.examples();
        page.numbers();
        return page.page.end();
    }

    private void head() {
        page.add("<h1>migr evaluation</h1>");
        page.add("<p class=\"lead\">The model's results on clips, compared with what is known of these clips.</p>");
        StringBuilder facts = new StringBuilder("<dl class=\"facts\">");
        report.facts().forEach((key, value) -> facts.append("<div><dt>")
                .append(key.replace('_', ' '))
                .append("</dt><dd>")
                .append(Html.escape(String.valueOf(value)))
                .append("</dd></div>"));
        page.add(facts.append("</dl>").toString());
        report.notes().forEach(note -> page.add("<p class=\"note\">" + Html.escape(note) + "</p>"));
        StringBuilder cards = new StringBuilder("<div class=\"cards\">");
        for (Map.Entry<Metric, String> card : CARDS.entrySet()) {
            Metric metric = card.getKey();
            Interval interval = report.overall().get(metric);
            if (!Double.isNaN(interval.value())) {
                cards.append("<div class=\"card\"><b>")
                        .append(metric.text(interval.value()))
                        .append("<small> %</small></b><i>")
                        .append(Double.isNaN(interval.low()) ? "&nbsp;" : range(metric, interval))
                        .append("</i><span>")
                        .append(card.getValue())
                        .append("</span></div>");
            }
        }
        page.add(cards.append("</div>").toString());
        page.add("<p class=\"soft\">Below a number, its 95&nbsp;% interval over clips (percentile bootstrap). It shows "
                + "how much the number would vary with other clips, not with another training run.</p>");
    }

    private static String range(Metric metric, Interval interval) {
        return metric.text(interval.low()) + " – " + metric.text(interval.high());
    }

    private void recognition() {
        page.section(
                "Recognition",
                "Rows are the labels of annotators, columns what the service publishes, cells percent of the row.");
        String reliability = report.emotion().bins().isEmpty()
                ? ""
                : ReliabilityPlot.of(
                        "probability of the emotion", "predicted to be right", "was right", report.emotion(), "s0");
        page.add(Html.figure(
                "Blue is right, orange is wrong. Next to it, the calibration of the probability: points on the diagonal are "
                        + "calibrated; hollow ones have fewer than ten clips, bars count the clips.",
                HeatMap.of(report.confusion()),
                reliability));
    }

    private void faithfulness() {
        page.section(
                "Does the explanation say what is predicted?",
                "Of correctly predicted clips, how many are explained by another emotion: in the conclusion (the "
                        + "inconsistency rate, IR), in the first emotion that the text asserts, or anywhere. Lower is "
                        + "better.");
        page.add(Html.figure(
                "Bars are 95&nbsp;% intervals over clips. Where no inconsistency was seen, the interval has no width, "
                        + "but with n clips a rate of up to about 3/n could have been missed.",
                intervals(
                        "inconsistency per slice",
                        List.of("conclusion (IR)", "first assertion", "anywhere"),
                        List.of(Metric.IR, Metric.FIRST_IR, Metric.CONTRADICTION))));
        page.add("<p>The prediction may be the one that the service publishes or the one in the text's own answer, and "
                + "the text may be read by several readers, none of which sees the answer. The text judge was trained "
                + "to read assertions; the cue judges read only the claimed cues, so compare their numbers with those "
                + "of an ideal explanation.</p>");
        readers(Source.SERVED, "Published prediction, %");
        readers(Source.ANSWER, "The text's own answer, %");
    }

    /** A table of metrics with one column per reader, for the predictions from one source. */
    private void readers(Source source, String head) {
        Map<String, Map<Metric, Interval>> columns = new LinkedHashMap<>();
        READERS.forEach((reader, name) -> {
            if (new Perspective(source, reader).equals(Perspective.SERVED)) {
                columns.put(name, report.overall());
            }
            report.readings().stream()
                    .filter(reading -> reading.view().equals(new Perspective(source, reader)))
                    .forEach(reading -> columns.put(name, reading.values()));
        });
        List<String> heads = new ArrayList<>(List.of(head));
        heads.addAll(columns.keySet());
        Html.Table table = new Html.Table(heads);
        for (Metric metric : Metric.values()) {
            boolean shown = Report.dependsOnReader(metric) || metric == Metric.WAR || metric == Metric.UAR;
            boolean measured = columns.values().stream()
                    .anyMatch(values -> values.containsKey(metric)
                            && !Double.isNaN(values.get(metric).value()));
            if (shown && measured) {
                List<String> cells = columns.values().stream()
                        .map(values -> values.containsKey(metric) ? cell(metric, values.get(metric)) : "")
                        .toList();
                table.row(named(metric), cells);
            }
        }
        page.add(table.end());
    }

    /** A plot of metrics per slice; slices without any value are left out. */
    private String intervals(String label, List<String> names, List<Metric> metrics) {
        List<Slice> slices = report.slices().stream()
                .filter(slice -> metrics.stream()
                        .anyMatch(metric ->
                                !Double.isNaN(slice.values().get(metric).value())))
                .toList();
        List<IntervalPlot.Series> series = new ArrayList<>();
        for (int i = 0; i < metrics.size(); i++) {
            Metric metric = metrics.get(i);
            List<Interval> values =
                    slices.stream().map(slice -> slice.values().get(metric)).toList();
            series.add(new IntervalPlot.Series(names.get(i), values));
        }
        return IntervalPlot.of(label, slices.stream().map(Slice::name).toList(), series);
    }

    private void importance() {
        if (report.importance().isEmpty()) {
            return;
        }
        page.section(
                "Which modality leads",
                "An explanation should start with the modality that counted most. How well is that modality estimated "
                        + "before a word is written, and does the text start with it? Clips in which face and voice "
                        + "truly count equally are left out.");
        List<String> plots = new ArrayList<>();
        for (Map.Entry<Estimator, io.migr.evaluation.measure.Reliability> one :
                report.importance().entrySet()) {
            boolean heads = one.getKey() == Estimator.EVIDENCE_HEADS;
            plots.add(ReliabilityPlot.of(
                    heads ? "face's share, evidence heads" : "face's share, masked prefills",
                    "predicted share of the face",
                    "face truly leads",
                    one.getValue(),
                    heads ? "s0" : "s3"));
        }
        page.add(Html.figure(
                "The share that each estimator gives the face, against how often the face truly leads.",
                plots.toArray(String[]::new)));
        page.add(Html.figure(
                "Right order, and right leading modality by each estimator, per slice.",
                intervals(
                        "order and importance per slice",
                        List.of("order of the text", "evidence heads", "masked prefills"),
                        List.of(Metric.ORDER, Metric.IMPORTANCE, Metric.PREFILL_IMPORTANCE))));
        Html.Table table = new Html.Table(List.of("", "evidence heads", "masked prefills"));
        table.row("leading modality right, %", both(Metric.IMPORTANCE, Metric.PREFILL_IMPORTANCE));
        table.row(
                "ranks face-led above voice-led clips (AUROC), %", both(Metric.IMPORTANCE_AUROC, Metric.PREFILL_AUROC));
        table.row("calibration error of the share, %", both(Metric.IMPORTANCE_ECE, Metric.PREFILL_ECE));
        page.add(table.end());
    }

    private List<String> both(Metric heads, Metric prefills) {
        return List.of(
                cell(heads, report.overall().get(heads)),
                cell(prefills, report.overall().get(prefills)));
    }

    private void cues() {
        CueTable cues = report.cues();
        if (cues.perCue().isEmpty()) {
            return;
        }
        page.section(
                "Claimed cues",
                "Are the cues that the text claims really there? Precision: of the explanations that claim a cue, how "
                        + "many are of clips that show it. Recall: of the clips for which an annotator would name it, "
                        + "how many have an explanation that claims it. "
                        + String.format(
                                Locale.ROOT,
                                "An explanation claims %s cues, %s&nbsp;%% of the claims are false.",
                                Metric.CLAIMS.text(
                                        report.overall().get(Metric.CLAIMS).value()),
                                Metric.HALLUCINATED.text(report.overall()
                                        .get(Metric.HALLUCINATED)
                                        .value())));
        page.add(Html.figure(
                "Sorted by how often an annotator would name a cue. At the right, how many explanations claim it and "
                        + "for how many clips an annotator would name it (salient); small numbers mean little.",
                BarPlot.of("Face", "precision", "recall", rows(cues, Modality.VISUAL)),
                BarPlot.of("Voice", "precision", "recall", rows(cues, Modality.AUDIO))));
    }

    private static List<BarPlot.Row> rows(CueTable table, Modality modality) {
        return table.perCue().entrySet().stream()
                .filter(entry ->
                        Cue.of(entry.getKey()) != null && Cue.of(entry.getKey()).modality() == modality)
                .sorted(Comparator.comparingInt(entry -> -entry.getValue().salient()))
                .map(entry -> new BarPlot.Row(
                        entry.getKey(),
                        Phrases.sentences(entry.getKey(), Phrases.Pool.TRAINING).get(0),
                        entry.getValue().precision(),
                        entry.getValue().recall(),
                        entry.getValue().claimed(),
                        entry.getValue().salient()))
                .toList();
    }

    private void drift() {
        Drift drift = report.drift();
        if (drift == null) {
            return;
        }
        page.section(
                "Drift",
                "While a text grows, does the model keep attending to the clip, or to its own text? Mean over "
                        + "layers and heads, " + drift.clips() + " clips with a face and a voice.");
        List<LinePlot.Series> series = new ArrayList<>();
        String[] names = {"video", "audio", "prompt", "own text"};
        double[] x = drift.curve().stream()
                .mapToDouble(stretch -> Integer.parseInt(stretch.name().split("-")[0]) + (Drift.BUCKET - 1) / 2.0)
                .toArray();
        for (Segment segment : Segment.values()) {
            int s = segment.ordinal();
            series.add(new LinePlot.Series(
                    names[s],
                    x,
                    drift.curve().stream()
                            .mapToDouble(stretch -> stretch.shares()[s])
                            .toArray(),
                    drift.curve().stream()
                            .mapToDouble(stretch -> stretch.even()[s])
                            .toArray()));
        }
        page.add(Html.figure(
                "Share of attention by position in the text. Dashed lines: attention if it were uniform over all "
                        + "visible tokens, since a longer text gets more attention by its length alone.",
                LinePlot.of("attention by position in the text", "tokens written", "attention", series)));
        Html.Table table = new Html.Table(List.of("attention, %", names[0], names[1], names[2], names[3]));
        for (Drift.Stretch block : drift.blocks()) {
            List<String> cells = new ArrayList<>();
            for (double share : block.shares()) {
                cells.add(Metric.WAR.text(share));
            }
            table.row(block.name(), cells);
        }
        page.add(table.end());
        Drift.Swaps swaps = drift.swaps();
        page.add("<h3>What if the clip is replaced after the first block?</h3>");
        page.add(
                "<p>The first block stays; then the model gets another clip, for which it answers another emotion, and "
                        + "continues the text. A model that attends only to its own text changes nothing; one that attends to "
                        + "the clip answers for the other clip.</p>");
        Html.Table swap = new Html.Table(List.of("", "of " + swaps.pairs() + " pairs, %"));
        swap.row("the second block asserts another emotion", List.of(Metric.WAR.text(swaps.secondChanged())));
        swap.row("the conclusion changes", List.of(Metric.WAR.text(swaps.thinkChanged())));
        swap.row("the answer changes", List.of(Metric.WAR.text(swaps.answerChanged())));
        swap.row("the answer becomes that of the other clip", List.of(Metric.WAR.text(swaps.answerFollowed())));
        page.add(swap.end());
    }

    private void examples() {
        page.section("In its own words", "The explanation of the first clip of each slice.");
        page.add(ExplanationExamples.html(ExplanationExamples.typical(report.outcomes())));
        List<Outcome> contradicting = ExplanationExamples.contradicting(report.outcomes());
        if (!contradicting.isEmpty()) {
            page.add("<h3>Correctly predicted, but another emotion is asserted</h3>");
            page.add(ExplanationExamples.html(contradicting));
        }
    }

    private void numbers() {
        page.section(
                "All numbers",
                "Percent, except for counts; an arrow shows the better direction. Small: 95&nbsp;% interval over "
                        + "clips. A dash: no clip qualifies, or the truth that it needs is unknown. With few clips, "
                        + "calibration errors and their intervals are overestimated.");
        List<String> heads = new ArrayList<>(List.of(""));
        report.slices()
                .forEach(slice -> heads.add(Html.escape(slice.name()) + "<br>" + slice.clips()
                        + (slice.clips() == 1 ? " clip" : " clips")));
        Html.Table table = new Html.Table(heads);
        for (Metric metric : Metric.values()) {
            table.row(
                    named(metric),
                    report.slices().stream()
                            .map(slice -> cell(metric, slice.values().get(metric)))
                            .toList());
        }
        page.add(table.end());
    }

    private static String named(Metric metric) {
        String up =
                switch (metric.better()) {
                    case HIGHER -> " ↑";
                    case LOWER -> " ↓";
                    case NEITHER -> "";
                };
        return Html.escape(metric.words()) + "<code>" + metric.key() + up + "</code>";
    }

    private static String cell(Metric metric, Interval interval) {
        String value = Double.isNaN(interval.value()) ? "–" : metric.text(interval.value());
        return Double.isNaN(interval.low()) ? value : value + "<small>" + range(metric, interval) + "</small>";
    }
}
