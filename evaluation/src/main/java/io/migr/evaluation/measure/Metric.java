package io.migr.evaluation.measure;

import io.migr.evaluation.readers.ExplanationPart;
import io.migr.model.Analysis;
import io.migr.model.ModalityImportance.Estimator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;

/**
 * Every metric, in the order of reports. With N clips, label g, prediction p, and j the emotion that a reader finds in
 * the explanation's weighing block alone (if that block asserts nothing, j is none and equals no label). A value is NaN
 * if no clip qualifies or if the truth is unknown, as it is for the cues of real recordings. Sources: EEA, EPC and
 * FCR are from ERV (arXiv 2510.23506), IR is the main metric of MIGR (arXiv 2512.02699).
 */
public enum Metric {
    /** WAR = mean 1[p = g]: weighted average recall, the accuracy. */
    WAR("war", "accuracy (WAR)", Better.HIGHER, Depends.ON_PREDICTION, Rates::accuracy),
    /** UAR = mean over classes of recall: unweighted average recall. */
    UAR("uar", "mean recall of the emotions (UAR)", Better.HIGHER, Depends.ON_PREDICTION, Rates::meanRecall),
    /** mean 1[b = g], b the arg-max posterior of the true cues. */
    BAYES(
            "bayes",
            "accuracy of the best guess from a clip's true cues",
            Better.NEITHER,
            Depends.ON_NOTHING,
            (clips, view) -> Rates.bayes(clips)),
    /** WAR / bayes. */
    SHARE(
            "share",
            "accuracy over that of the best guess",
            Better.HIGHER,
            Depends.ON_PREDICTION,
            (clips, view) -> Rates.accuracy(clips, view) / Rates.bayes(clips)),
    /** mean 1[answer = g], independent of the served prediction. */
    ANSWER(
            "answer",
            "accuracy of the emotion that the text answers",
            Better.HIGHER,
            Depends.ON_NOTHING,
            (clips, view) -> Rates.accuracy(clips, Perspective.ANSWERED)),
    /** Expected calibration error of the prediction's probability, {@link Reliability#expectedError}. */
    ECE(
            "ece",
            "calibration error of the emotion's probability",
            Better.LOWER,
            Depends.ON_NOTHING,
            (clips, view) -> Calibrations.emotion(clips).expectedError()),
    /**
     * mean -log p(g), nats, over clips with probabilities: how little the label was expected. A probability below 1e-6
     * counts as 1e-6, because one impossible label would outweigh all other clips.
     */
    LOG_LOSS(
            "log_loss",
            "negative log-likelihood of the label, nats",
            Better.LOWER,
            Depends.ON_NOTHING,
            (clips, view) -> Rates.logLoss(clips)),
    /** mean 1[the prediction's probability >= {@link Analysis#ASSERTED}], over clips with probabilities. */
    ASSERTED(
            "asserted",
            "clips whose predicted emotion has at least two thirds",
            Better.NEITHER,
            Depends.ON_NOTHING,
            (clips, view) -> Rates.asserted(clips)),
    /** WAR over the clips that {@link #ASSERTED} counts. */
    ASSERTED_WAR(
            "asserted_war",
            "accuracy on these",
            Better.HIGHER,
            Depends.ON_NOTHING,
            (clips, view) -> Rates.assertedAccuracy(clips)),
    /** IR over the clips that {@link #ASSERTED} counts. */
    ASSERTED_IR(
            "asserted_ir", "inconsistency on these", Better.LOWER, Depends.ON_BOTH, (clips, view) -> Rates.inconsistent(
                            ExplanationPart.THINK, false)
                    .applyAsDouble(Rates.onlyAsserted(clips), view)),

    /** EPC = mean 1[j = p]: explanation-prediction consistency. */
    CONSISTENT(
            "consistent",
            "the explanation concludes what is predicted (EPC)",
            Better.HIGHER,
            Depends.ON_BOTH,
            Rates.agreeing(ExplanationPart.THINK)),
    /** EEA = mean 1[j = g]: explanation emotion accuracy. */
    EEA(
            "eea",
            "the explanation concludes the label (EEA)",
            Better.HIGHER,
            Depends.ON_READER,
            Rates.explained(ExplanationPart.THINK)),
    /** FCR = mean 1[p = g and j = g]: faithful consistency, the right/right cell over all clips. */
    FCR(
            "fcr",
            "prediction and explanation are both right (FCR)",
            Better.HIGHER,
            Depends.ON_BOTH,
            Rates.faithful(ExplanationPart.THINK)),
    /** IR = #[p = g and j != g] / #[p = g]: inconsistency when correct. */
    IR(
            "ir",
            "inconsistency: of right predictions, the explanation concludes otherwise (IR)",
            Better.LOWER,
            Depends.ON_BOTH,
            Rates.inconsistent(ExplanationPart.THINK, false)),
    /** #[p = g and j != g] / N: the all-samples form of IR. */
    IR_ALL(
            "ir_all",
            "the same as a share of all clips",
            Better.LOWER,
            Depends.ON_BOTH,
            Rates.inconsistent(ExplanationPart.THINK, true)),
    /** IR with j read out of all blocks together. */
    IR_CONCAT(
            "ir_concat",
            "inconsistency of all blocks together",
            Better.LOWER,
            Depends.ON_BOTH,
            Rates.inconsistent(ExplanationPart.WHOLE, false)),
    /** Its all-samples form. */
    IR_CONCAT_ALL(
            "ir_concat_all",
            "the same as a share of all clips",
            Better.LOWER,
            Depends.ON_BOTH,
            Rates.inconsistent(ExplanationPart.WHOLE, true)),
    /** IR_CONCAT of an ideal explanation, for readers that do not read assertions: their floor. */
    REFERENCE_IR(
            "reference_ir",
            "inconsistency of an ideal explanation to this reader",
            Better.NEITHER,
            Depends.ON_BOTH,
            Rates::reference),
    /** EEA with j read out of all blocks together. */
    EEA_CONCAT(
            "eea_concat",
            "all blocks together assert the label",
            Better.HIGHER,
            Depends.ON_READER,
            Rates.explained(ExplanationPart.WHOLE)),
    /** EPC with j read out of all blocks together. */
    CONSISTENT_CONCAT(
            "consistent_concat",
            "all blocks together assert what is predicted",
            Better.HIGHER,
            Depends.ON_BOTH,
            Rates.agreeing(ExplanationPart.WHOLE)),
    /** FCR with j read out of all blocks together. */
    FCR_CONCAT(
            "fcr_concat",
            "prediction and all blocks together are right",
            Better.HIGHER,
            Depends.ON_BOTH,
            Rates.faithful(ExplanationPart.WHOLE)),
    /** IR with j the first emotion that the text asserts, which is what a user sees first while the text streams. */
    FIRST_IR(
            "first_ir",
            "inconsistency of the first assertion",
            Better.LOWER,
            Depends.ON_BOTH,
            Rates.inconsistent(ExplanationPart.FIRST, false)),
    /** Its all-samples form. */
    FIRST_IR_ALL(
            "first_ir_all",
            "the same as a share of all clips",
            Better.LOWER,
            Depends.ON_BOTH,
            Rates.inconsistent(ExplanationPart.FIRST, true)),
    /** #[p = g and any assertion != g] / #[p = g]. */
    CONTRADICTION(
            "contradiction",
            "of right predictions, something else is asserted anywhere",
            Better.LOWER,
            Depends.ON_BOTH,
            Rates.contradicted(false)),
    /** #[p = g and any assertion != g] / N. */
    CONTRADICTION_ALL(
            "contradiction_all",
            "the same as a share of all clips",
            Better.LOWER,
            Depends.ON_BOTH,
            Rates.contradicted(true)),

    /** mean 1[first block = oracle] over clips whose oracle is not balanced. */
    ORDER(
            "order",
            "the text starts with the modality that truly leads",
            Better.HIGHER,
            Depends.ON_NOTHING,
            (clips, view) -> Rates.order(clips)),
    /** mean 1[dominant = oracle] over the same clips, by the evidence heads. */
    IMPORTANCE(
            "importance",
            "the leading modality is the true one, by the evidence heads",
            Better.HIGHER,
            Depends.ON_NOTHING,
            (clips, view) -> Rates.importance(clips, Estimator.EVIDENCE_HEADS)),
    /** {@link Ranking#auroc} of the face's share for "the face truly leads" over the same clips. */
    IMPORTANCE_AUROC(
            "importance_auroc",
            "how well their share ranks face-led above voice-led clips (AUROC)",
            Better.HIGHER,
            Depends.ON_NOTHING,
            (clips, view) -> Calibrations.auroc(clips, Estimator.EVIDENCE_HEADS)),
    /** Expected calibration error of the face's share as the probability that the face leads. */
    IMPORTANCE_ECE(
            "importance_ece",
            "calibration error of their share",
            Better.LOWER,
            Depends.ON_NOTHING,
            (clips, view) ->
                    Calibrations.importance(clips, Estimator.EVIDENCE_HEADS).expectedError()),
    /** As {@link #IMPORTANCE}, by prefills of the decoder with modalities masked. */
    PREFILL_IMPORTANCE(
            "prefill_importance",
            "the leading modality is the true one, by masked prefills",
            Better.HIGHER,
            Depends.ON_NOTHING,
            (clips, view) -> Rates.importance(clips, Estimator.MASKED_PREFILL)),
    /** As {@link #IMPORTANCE_AUROC}, by masked prefills. */
    PREFILL_AUROC(
            "prefill_auroc",
            "how well their share ranks face-led above voice-led clips (AUROC)",
            Better.HIGHER,
            Depends.ON_NOTHING,
            (clips, view) -> Calibrations.auroc(clips, Estimator.MASKED_PREFILL)),
    /** As {@link #IMPORTANCE_ECE}, by masked prefills. */
    PREFILL_ECE(
            "prefill_ece",
            "calibration error of their share",
            Better.LOWER,
            Depends.ON_NOTHING,
            (clips, view) ->
                    Calibrations.importance(clips, Estimator.MASKED_PREFILL).expectedError()),

    /** true claims / claims, summed over clips. */
    CUE_PRECISION(
            "cue_precision",
            "claimed cues that are true",
            Better.HIGHER,
            Depends.ON_NOTHING,
            (clips, view) -> CueTable.of(clips).precision()),
    /** claimed salient cues / salient cues, summed over clips; salient is what an annotator would name. */
    CUE_RECALL(
            "cue_recall",
            "cues worth naming that are claimed",
            Better.HIGHER,
            Depends.ON_NOTHING,
            (clips, view) -> CueTable.of(clips).recall()),
    /** 1 - cue precision. */
    HALLUCINATED(
            "hallucinated",
            "claimed cues that are not there",
            Better.LOWER,
            Depends.ON_NOTHING,
            (clips, view) -> 1 - CueTable.of(clips).precision()),
    /** Claims / N, to be read with precision, which rises when explanations claim less. */
    CLAIMS(
            "claims",
            "cues claimed in one explanation",
            Better.NEITHER,
            Depends.ON_NOTHING,
            (clips, view) -> CueTable.of(clips).perExplanation()),
    /** Share of explanations that the model completed without being cut off. */
    FORMAT(
            "format",
            "explanations that ended by themselves",
            Better.HIGHER,
            Depends.ON_NOTHING,
            (clips, view) -> Rates.share(clips, clip -> clip.told().wellFormed())),
    /** Mean length of the text in tokens, tags included. */
    TOKENS(
            "tokens",
            "tokens of one explanation",
            Better.NEITHER,
            Depends.ON_NOTHING,
            (clips, view) -> Rates.tokens(clips));

    /** Which direction is an improvement. */
    public enum Better {
        HIGHER,
        LOWER,
        NEITHER
    }

    /** Which parts of a {@link Perspective} the value depends on. */
    public enum Depends {
        ON_NOTHING,
        ON_PREDICTION,
        ON_READER,
        ON_BOTH
    }

    private final String key;
    private final String words;
    private final Better better;
    private final Depends depends;
    private final ToDoubleBiFunction<List<Outcome>, Perspective> formula;

    Metric(
            String key,
            String words,
            Better better,
            Depends depends,
            ToDoubleBiFunction<List<Outcome>, Perspective> formula) {
        this.key = key;
        this.words = words;
        this.better = better;
        this.depends = depends;
        this.formula = formula;
    }

    /** The name used in JSON and tables. */
    public String key() {
        return key;
    }

    /** A description for tables and pages, in words. */
    public String words() {
        return words;
    }

    public Better better() {
        return better;
    }

    public Depends depends() {
        return depends;
    }

    /** Whether it is a count rather than a share. */
    public boolean isCount() {
        return this == CLAIMS || this == TOKENS;
    }

    /** The value over clips: a share in 0..1, a count or nats; NaN if no clip qualifies. */
    public double of(List<Outcome> clips, Perspective view) {
        return formula.applyAsDouble(clips, view);
    }

    /** Formats a value: shares in percent and counts with one decimal, nats with three; "-" for NaN. */
    public String text(double value) {
        return text(value, "");
    }

    /** Formats a difference of two values as {@link #text(double)} does, with its sign. */
    public String change(double difference) {
        return text(difference, "+");
    }

    private String text(double value, String sign) {
        if (Double.isNaN(value)) {
            return "-";
        }
        String format = "%" + sign + (this == LOG_LOSS ? ".3f" : ".1f");
        return String.format(Locale.ROOT, format, isCount() || this == LOG_LOSS ? value : 100 * value);
    }
}
