package io.migr.trainer.reward;

import io.migr.model.Emotion;
import io.migr.model.Explanation.Finish;
import io.migr.model.Modality;
import io.migr.model.explain.ExplanationGrammar;
import io.migr.model.verify.SentenceVerifier;
import java.util.EnumSet;
import java.util.Set;

/** Handwritten completions, and a verifier that reads them exactly. */
final class Completions {

    /** A sentence asserts every label it names, unless it begins with maybe. */
    static final SentenceVerifier READER =
            sentences -> sentences.stream().map(Completions::named).toList();

    private Completions() {}

    private static Set<Emotion> named(String sentence) {
        Set<Emotion> named = EnumSet.noneOf(Emotion.class);
        for (Emotion label : Emotion.values()) {
            if (!sentence.startsWith("maybe") && sentence.contains(label.word())) {
                named.add(label);
            }
        }
        return named;
    }

    static Completion of(Modality first, String face, String voice, String think, String answer) {
        String visual = "<vis_desc>" + face + "</vis_desc>";
        String audio = "<aud_desc>" + voice + "</aud_desc>";
        boolean visualFirst = first == Modality.VISUAL;
        return of((visualFirst ? visual + audio : audio + visual) + "<think>" + think + "</think><answer>" + answer
                + "</answer>");
    }

    static Completion of(String text) {
        return new Completion(text, ExplanationGrammar.parse(text, Emotion.DFEW, Finish.STOP));
    }

    static Target target(Emotion label, io.migr.model.Dominance dominant) {
        return new Target(label, dominant, Emotion.DFEW);
    }
}
