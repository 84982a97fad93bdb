package io.migr.evaluation.judge;

import io.migr.corpus.text.Phrases.Pool;
import io.migr.evaluation.judge.SentenceTemplates.Frame;
import io.migr.model.Emotion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Sentences that the judge is trained and tested on: assertions of the judge's pool, and assertions, denials, doubts
 * and contrasts made from its own templates. A fixed fifth of the sentences is held out for tests, and no sentence of
 * the stress set is used for training, whichever emotion it names.
 */
final class JudgeExamples {
    private static final int HELD_OUT = 5;

    private static final List<String> BEFORE =
            List.of("here ", "now ", "to the ear ", "at any rate, ", "on balance ", "as it seems, ", "and ");
    private static final List<String> BEHIND =
            List.of(" here", " at last", " throughout", " in this clip", " to my mind", " as a whole", ", slightly");
    private static final List<String> BETWEEN = List.of(", and ", "; ", ", while ", ", for ");

    private final SentenceTemplates frames = SentenceTemplates.read("frames-judge.txt");
    private final List<List<Frame>> kinds = new ArrayList<>();
    private final List<String> assertions = PoolSentences.asserting(Pool.JUDGE);
    private final List<String> others = new ArrayList<>(PoolSentences.claiming(Pool.JUDGE));
    private final Set<String> stress = new HashSet<>();

    /** Examples from all templates. */
    JudgeExamples() {
        this(frame -> true);
    }

    /** Examples from the allowed templates only, to measure how the judge reads the others. */
    JudgeExamples(Predicate<String> allowed) {
        List<Frame> known = frames.frames().stream()
                .filter(frame -> allowed.test(frame.text()))
                .toList();
        kinds.add(known.stream().filter(Frame::first).toList());
        kinds.add(known.stream().filter(frame -> !frame.asserts()).toList());
        kinds.add(known.stream()
                .filter(frame -> !frame.first() && frame.asserts())
                .toList());
        others.addAll(PoolSentences.weighing(Pool.JUDGE));
        for (String[] line : SentenceTemplates.table("stress.txt")) {
            TextJudge.sentences(line[1]).forEach(sentence -> stress.add(Mention.masked(sentence)));
        }
        // the name of an emotion alone tests nothing
        stress.remove(Mention.masked(Emotion.SAD.word()));
    }

    /** Draws a held-out sentence. */
    LabelledSentence drawHeldOut(SplittableRandom random) {
        return draw(true, random);
    }

    /** Draws a training sentence, often with words added around it that do not change what it asserts. */
    LabelledSentence drawTraining(SplittableRandom random) {
        while (true) {
            LabelledSentence drawn = surround(draw(false, random), random);
            if (!stress.contains(Mention.masked(drawn.text()))) {
                return drawn;
            }
        }
    }

    private LabelledSentence draw(boolean heldOut, SplittableRandom random) {
        while (true) {
            LabelledSentence drawn = simple(random);
            if (heldOut == (Math.floorMod(mixed(drawn.text()), HELD_OUT) == 0)) {
                return drawn;
            }
        }
    }

    private LabelledSentence surround(LabelledSentence drawn, SplittableRandom random) {
        String text = drawn.text();
        return new LabelledSentence(
                switch (random.nextInt(8)) {
                    case 0 -> pick(BEFORE, random) + text;
                    case 1 -> text + pick(BEHIND, random);
                    case 2 -> pick(others, random) + pick(BETWEEN, random) + text;
                    case 3 -> text + pick(BETWEEN, random) + pick(others, random);
                    default -> text;
                },
                drawn.emotions());
    }

    private LabelledSentence simple(SplittableRandom random) {
        int kind = random.nextInt(8);
        if (kind < 2) {
            Emotion emotion = PoolSentences.LABELS.get(random.nextInt(PoolSentences.LABELS.size()));
            return new LabelledSentence(
                    pick(assertions, random).replace("{e}", form(emotion, random)), Set.of(emotion));
        }
        // asserted, denied or left open, equally often
        List<Frame> some = kinds.get(kind < 4 ? 0 : kind < 6 ? 1 : 2);
        Frame frame = some.get(random.nextInt(some.size()));
        return frames.fill(frame, PoolSentences.LABELS, random, emotion -> form(emotion, random));
    }

    private static String pick(List<String> from, SplittableRandom random) {
        return from.get(random.nextInt(from.size()));
    }

    private static String form(Emotion emotion, SplittableRandom random) {
        List<String> forms = Mention.forms(emotion);
        return forms.get(random.nextInt(forms.size()));
    }

    /** A hash of the sentence whose low bits decide whether it is held out. */
    static int mixed(String text) {
        int hash = text.hashCode() * 0x85EBCA6B;
        return hash ^ hash >>> 13;
    }
}
