package io.migr.corpus;

import io.migr.model.Block;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.ExplanationGrammar;
import io.migr.model.Modality;
import io.migr.model.ReasoningStep;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * What an annotator would write about a clip. A block names up to four cues that are truly there, the most telling
 * first ({@link Cue#salient}: chosen without a look at the label), and appraises them; the last block says which
 * modality truly leads, under every order, and concludes. The first block is appraised from its own cues alone, the
 * second and the conclusion from both blocks; an appraisal knows no more of a cue than its sentence says.
 *
 * @param text how appraisals are made
 * @param order which block comes first
 * @param primacy the weight of the second block's log-evidence against the first's, 0..1; 1 is Bayes, less is an
 *     assumption about annotators that has to be declared with every result
 * @param consistentFaces whether the visual block is held to {@link FaceConsistency}: where the action units agree
 *     with the label it names the label, where they don't it doubts, whatever {@code text} would have written.
 *     CONSISTENT asks the same of both blocks by their cues' posterior; this asks it of the face by its action units,
 *     and leaves voice and conclusion as {@code text} has them
 */
public record Rationale(Text text, Order order, double primacy, boolean consistentFaces) {

    /** How appraisals are made from the posterior p of the cues said so far. */
    public enum Text {
        /** An emotion drawn from p^2, as annotators who write while they look: it may contradict the label. */
        RAW,
        /** As RAW, but half of the appraisals that contradict the label are rewritten to doubt. */
        HALF,
        /** The label where p favours it, else doubt. */
        CONSISTENT
    }

    /** Which block comes first. */
    public enum Order {
        /** The modality that truly leads; either on balanced clips. */
        IMPORTANCE,
        VISUAL_FIRST,
        AUDIO_FIRST,
        /** Either, by a coin. */
        RANDOM;

        /** Which modality this order puts first in a clip; balanced: either. */
        public Dominance leads(CueAnnotation clip) {
            return switch (this) {
                case IMPORTANCE -> clip.leads();
                case VISUAL_FIRST -> Dominance.VISUAL;
                case AUDIO_FIRST -> Dominance.AUDIO;
                case RANDOM -> Dominance.BALANCED;
            };
        }
    }

    /**
     * A text and what was done to it.
     *
     * @param steps its blocks, each with the emotion that it was written to assert
     * @param faceRewritten the visual block was changed because {@link #consistentFaces} asked for it
     */
    public record Draft(String text, List<ReasoningStep> steps, boolean faceRewritten) {
        public Draft {
            steps = List.copyOf(steps);
        }
    }

    /** What the shipped weights learn from. */
    public static final Rationale SHIPPED = new Rationale(Text.CONSISTENT, Order.IMPORTANCE, 1);

    private static final double STRONG = 0.8;
    private static final double SLIGHT = 0.3;

    public Rationale {
        if (!(primacy >= 0 && primacy <= 1)) {
            throw new IllegalArgumentException("Primacy is a weight in 0..1, not " + primacy + ".");
        }
    }

    /** Without the consistency test of faces. */
    public Rationale(Text text, Order order, double primacy) {
        this(text, order, primacy, false);
    }

    /** Writes about a clip, in the words of training text. */
    public String write(CueAnnotation clip, SplittableRandom random) {
        return write(clip, Phrases.Pool.TRAINING, random);
    }

    /** Writes about a clip in the words of a pool. */
    public String write(CueAnnotation clip, Phrases.Pool pool, SplittableRandom random) {
        return draft(clip, pool, random).text();
    }

    /** Writes about a clip and says whether its visual block was rewritten. */
    public Draft draft(CueAnnotation clip, Phrases.Pool pool, SplittableRandom random) {
        Modality first = first(clip, random);
        Modality second = first == Modality.VISUAL ? Modality.AUDIO : Modality.VISUAL;
        List<Cue> firstCues = Cue.salient(clip, first);
        List<Cue> secondCues = Cue.salient(clip, second);
        Posterior both = Posterior.of(y -> sum(firstCues, y) + primacy * sum(secondCues, y));
        List<ReasoningStep> steps = new ArrayList<>();
        Emotion begun = appraise(clip, Cue.posterior(firstCues), random);
        steps.add(step(clip, first, checked(clip, first, begun), pool, random));
        Emotion appraised = absent(secondCues) ? null : appraise(clip, both, random);
        if (text == Text.CONSISTENT && !absent(secondCues)) {
            // doubt is about the block's own cues: agreement with the first block proves nothing
            appraised = Cue.posterior(secondCues).best() == clip.label() ? clip.label() : null;
        }
        steps.add(step(clip, second, checked(clip, second, appraised), pool, random));
        Emotion concluded = text == Text.CONSISTENT ? clip.label() : appraise(clip, both, random);
        if (concluded == null) {
            concluded = clip.label();
        }
        String think = sentence(lead(clip.leads()), pool, random) + " "
                + sentence("CONCLUDE", pool, random).replace("{e}", concluded.word());
        steps.add(new ReasoningStep(Block.WEIGHING, think, concluded));
        Emotion seen = first == Modality.VISUAL ? begun : appraised;
        boolean rewritten = clip.units() != null && checked(clip, Modality.VISUAL, seen) != seen;
        return new Draft(ExplanationGrammar.render(steps, clip.label()), steps, rewritten);
    }

    private Modality first(CueAnnotation clip, SplittableRandom random) {
        boolean coin = random.nextBoolean();
        Modality leading = order.leads(clip).modality();
        return leading != null ? leading : coin ? Modality.VISUAL : Modality.AUDIO;
    }

    private static boolean absent(List<Cue> cues) {
        return cues.get(0).absence();
    }

    /** The name under which {@link Phrases} has the sentences that say what leads. */
    public static String lead(Dominance leading) {
        return switch (leading) {
            case VISUAL -> "LEADFACE";
            case AUDIO -> "LEADVOICE";
            case BALANCED -> "LEADBOTH";
        };
    }

    /** The emotion that a block asserts; null: it doubts. */
    private Emotion appraise(CueAnnotation clip, Posterior posterior, SplittableRandom random) {
        double draw = random.nextDouble();
        boolean rewritten = text == Text.HALF && random.nextBoolean();
        if (text == Text.CONSISTENT) {
            return posterior.best() == clip.label() ? clip.label() : null;
        }
        double total = Posterior.LABELS.stream()
                .mapToDouble(y -> posterior.of(y) * posterior.of(y))
                .sum();
        Emotion drawn = posterior.best();
        for (Emotion label : Posterior.LABELS) {
            draw -= posterior.of(label) * posterior.of(label) / total;
            if (draw < 0) {
                drawn = label;
                break;
            }
        }
        return rewritten && drawn != clip.label() ? null : drawn;
    }

    /** What the consistency test of faces leaves of an appraisal. */
    private Emotion checked(CueAnnotation clip, Modality modality, Emotion appraised) {
        if (!consistentFaces || modality == Modality.AUDIO) {
            return appraised;
        }
        return FaceConsistency.holds(clip) ? clip.label() : null;
    }

    private static double sum(List<Cue> cues, Emotion emotion) {
        return cues.stream().mapToDouble(cue -> cue.logLikelihood(emotion)).sum();
    }

    private static ReasoningStep step(
            CueAnnotation clip, Modality modality, Emotion emotion, Phrases.Pool pool, SplittableRandom random) {
        List<Cue> cues = Cue.salient(clip, modality);
        StringBuilder text = new StringBuilder();
        for (Cue cue : cues) {
            double strength = cue.strength(clip);
            String degree = strength >= STRONG ? ", strongly" : strength <= SLIGHT ? ", slightly" : "";
            text.append(Phrases.pick(cue.id(), pool, random))
                    .append(cue.id().startsWith("AU") ? degree : "")
                    .append(". ");
        }
        boolean visual = modality == Modality.VISUAL;
        if (absent(cues)) {
            return new ReasoningStep(Block.of(modality), text.toString().strip(), null);
        }
        if (emotion == null) {
            text.append(sentence(visual ? "DOUBTFACE" : "DOUBTVOICE", pool, random));
        } else {
            text.append(sentence(visual ? "SEES" : "HEARS", pool, random).replace("{e}", emotion.word()));
        }
        return new ReasoningStep(Block.of(modality), text.toString(), emotion);
    }

    private static String sentence(String cue, Phrases.Pool pool, SplittableRandom random) {
        return Phrases.pick(cue, pool, random) + ".";
    }

    /**
     * Every word and mark that a tokenizer has: those of {@code phrases.txt}, whichever the pool, and labels. The
     * order is that of token ids, so a trained model depends on it.
     */
    public static Set<String> vocabulary() {
        Set<String> words = new LinkedHashSet<>(List.of(".", ",", "strongly", "slightly"));
        Posterior.LABELS.forEach(label -> words.add(label.word()));
        for (String cue : Phrases.cues()) {
            for (Phrases.Pool pool : Phrases.Pool.values()) {
                Phrases.shared(cue, pool).forEach(sentence -> words.addAll(List.of(sentence.split(" "))));
            }
        }
        return words.stream().filter(word -> !word.equals("{e}")).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
