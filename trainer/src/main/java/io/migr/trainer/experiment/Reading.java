package io.migr.trainer.experiment;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.CueReader;
import io.migr.corpus.CueReader.Truthfulness;
import io.migr.corpus.Regime;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Modality;
import io.migr.trainer.judge.CueJudge;
import io.migr.trainer.judge.TextJudge;
import io.migr.trainer.reward.Completion;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was read in one explanation, beside the truth: one line of an outcome file.
 *
 * @param clip its seed
 * @param answer null: the text has not the form
 * @param firstBlock modality of the first block
 * @param first what it asserts first; null: nothing
 * @param think the judge's reading of the weighing block
 * @param concat the judge's reading of all blocks
 * @param cues what its cues speak for
 * @param contradicts an assertion differs from the label
 * @param cueReference what the clip's salient true cues speak for
 */
record Reading(
        long clip,
        Regime regime,
        Emotion label,
        Dominance oracle,
        Emotion answer,
        Modality firstBlock,
        Emotion first,
        Emotion think,
        Emotion concat,
        Emotion cues,
        Emotion cueReference,
        boolean contradicts,
        int claimed,
        int correct,
        int salient,
        int recalled,
        int tokens) {

    static final String HEADER = Arrays.stream(Reading.class.getRecordComponents())
            .map(part -> part.getName())
            .collect(Collectors.joining(","));

    /** Has the judges read a completion. */
    static Reading of(ClipTruth truth, Completion completion, int tokens, TextJudge judge) {
        Optional<Explanation> formed = completion.explanation();
        Emotion reference = CueJudge.reference(truth);
        if (formed.isEmpty()) {
            return new Reading(
                    truth.seed(), truth.regime(), truth.label(), truth.oracle(), null, null, null, null, null, null,
                    reference, false, 0, 0, 0, 0, tokens);
        }
        Explanation explanation = formed.get();
        List<Emotion> asserted = judge.asserted(explanation);
        Truthfulness claims = CueReader.truthfulness(explanation, truth);
        return new Reading(
                truth.seed(),
                truth.regime(),
                truth.label(),
                truth.oracle(),
                explanation.answer(),
                explanation.steps().get(0).modality(),
                asserted.isEmpty() ? null : asserted.get(0),
                judge.over(TextJudge.Scope.THINK).read(explanation),
                judge.over(TextJudge.Scope.CONCAT).read(explanation),
                new CueJudge().read(explanation),
                reference,
                asserted.stream().anyMatch(emotion -> emotion != truth.label()),
                claims.claimed(),
                claims.correct(),
                claims.salient(),
                claims.recalled(),
                tokens);
    }

    /** As a line of comma-separated values; nothing where a value is null. */
    String line() {
        Object[] values = {
            clip, regime, label, oracle, answer, firstBlock, first, think, concat, cues, cueReference, contradicts,
            claimed, correct, salient, recalled, tokens
        };
        return Arrays.stream(values).map(value -> value == null ? "" : value.toString()).collect(Collectors.joining(","));
    }

    /** Reads a {@link #line} back. */
    static Reading of(String line) {
        String[] v = line.split(",", -1);
        return new Reading(
                Long.parseLong(v[0]),
                Regime.valueOf(v[1]),
                Emotion.valueOf(v[2]),
                Dominance.valueOf(v[3]),
                emotion(v[4]),
                v[5].isEmpty() ? null : Modality.valueOf(v[5]),
                emotion(v[6]),
                emotion(v[7]),
                emotion(v[8]),
                emotion(v[9]),
                Emotion.valueOf(v[10]),
                Boolean.parseBoolean(v[11]),
                Integer.parseInt(v[12]),
                Integer.parseInt(v[13]),
                Integer.parseInt(v[14]),
                Integer.parseInt(v[15]),
                Integer.parseInt(v[16]));
    }

    private static Emotion emotion(String name) {
        return name.isEmpty() ? null : Emotion.valueOf(name);
    }

    boolean right() {
        return answer == label;
    }
}
