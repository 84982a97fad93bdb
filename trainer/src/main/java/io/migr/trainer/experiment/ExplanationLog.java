package io.migr.trainer.experiment;

import io.migr.corpus.ClipTruth;
import io.migr.model.EmotionModel;
import io.migr.trainer.judge.CueJudge;
import io.migr.trainer.judge.TextJudge;
import io.migr.trainer.measure.ClaimReader;
import io.migr.trainer.measure.Evaluation;
import io.migr.trainer.measure.GrammarReader;
import io.migr.trainer.measure.Outcome;
import io.migr.trainer.measure.Outcome.Prediction;
import io.migr.trainer.measure.Outcome.Told;
import io.migr.trainer.measure.TextReader;
import io.migr.trainer.reward.Completion;
import java.util.List;
import java.util.Map;

/** Has every judge read what an arm says. None of them is the verifier that rewards. */
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

    /** What came out for a clip. There is no served prediction: the text's own answer stands for it. */
    Outcome outcome(ClipTruth truth, Completion said) {
        int tokens = base.tokenizer().encode(said.text()).length;
        Told told = said.explanation()
                .map(explanation -> evaluation.told(explanation, tokens, truth))
                .orElseGet(() -> new Told(said.text(), null, null, false, tokens, Map.of(), null));
        return new Outcome(
                String.valueOf(truth.seed()),
                truth.regime().label(),
                evaluation.truth(truth),
                new Prediction(told.answer(), Map.of(), Map.of()),
                told);
    }
}
