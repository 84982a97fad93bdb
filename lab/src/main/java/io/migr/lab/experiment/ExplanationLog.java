package io.migr.lab.experiment;

import io.migr.corpus.ClipTruth;
import io.migr.evaluation.judge.CueJudge;
import io.migr.evaluation.judge.TextJudge;
import io.migr.evaluation.measure.Evaluation;
import io.migr.evaluation.measure.Outcome;
import io.migr.evaluation.measure.Outcome.Prediction;
import io.migr.evaluation.measure.Outcome.Told;
import io.migr.evaluation.readers.ClaimReader;
import io.migr.evaluation.readers.GrammarReader;
import io.migr.evaluation.readers.TextReader;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.trainer.reward.Completion;
import java.util.List;
import java.util.Map;

/** Turns an arm's explanations into outcomes by letting every judge read them. No judge is the verifier of rewards. */
final class ExplanationLog {
    private final EmotionModel base;
    private final Evaluation evaluation;

    ExplanationLog(EmotionModel base) {
        this.base = base;
        evaluation = new Evaluation(
                List.of(
                        new GrammarReader(base.config().labels()),
                        new TextReader(TextJudge.train()),
                        new ClaimReader(new CueJudge(CueJudge.Evidence.ALL)),
                        new ClaimReader(new CueJudge(CueJudge.Evidence.LEADING))),
                false);
    }

    /** The outcome of a clip. There is no served prediction; the text's own answer takes its place. */
    Outcome outcome(ClipTruth truth, Completion completion) {
        int tokens = base.tokenizer().encode(completion.text()).length;
        Told told = completion
                .explanation()
                .map(explanation -> evaluation.told(explanation, tokens, truth))
                .orElseGet(() -> new Told(completion.text(), null, null, false, tokens, Map.of(), null));
        return new Outcome(
                String.valueOf(truth.seed()),
                truth.regime().label(),
                evaluation.truth(truth),
                new Prediction(told.answer(), Map.of(), Map.of()),
                told);
    }
}
