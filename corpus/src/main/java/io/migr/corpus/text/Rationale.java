package io.migr.corpus.text;

import io.migr.corpus.Cue;
import io.migr.corpus.CueAnnotation;
import io.migr.corpus.FaceConsistency;
import io.migr.corpus.Posterior;
import io.migr.model.Block;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import io.migr.model.ReasoningStep;
import io.migr.model.explain.ExplanationGrammar;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Writes what an annotator would write about a clip. A block names up to four true cues, the most informative first
 * ({@link Cue#salient}, chosen without the label), and appraises them. The last block names the modality that truly
 * leads, in every order, and concludes. The first block is appraised from its own cues alone, the second block and the
 * conclusion from both blocks (but see CONSISTENT). An appraisal uses only what the sentences state about the cues.
 *
 * @param text how appraisals are made
 * @param order which block comes first
 * @param primacy the weight of the second block's log-evidence relative to the first's, 0..1; 1 is Bayes' rule, less is
 *     an assumption about annotators that must be stated with every result
 * @param consistentFaces whether {@link FaceConsistency} decides the visual block: it names the label where the action
 *     units agree with the label and expresses doubt where they do not, regardless of {@code text}.
 *     CONSISTENT applies the same test to both blocks by the posterior of their cues; this option applies it to the
 *     face by its action units and leaves voice and conclusion as {@code text} writes them
 */
public record Rationale(Text text, Order order, double primacy, boolean consistentFaces) implements ExplanationWriter {

    /** How a block is appraised from the posterior p given the cues named so far. */
    public enum Text {
        /** An emotion drawn from p^2, as if annotators wrote while they watched; it may contradict the label. */
        RAW,
        /**
         * As RAW, but half of the appraisals that contradict the label are replaced: by doubt in a block, by the label
         * in the conclusion.
         */
        HALF,
        /**
         * The label if it is the most probable emotion given the block's own cues, otherwise doubt. The conclusion is
         * always the label.
         */
        CONSISTENT
    }

    /** Which block comes first. */
    public enum Order {
        /** The modality that truly leads; on balanced clips either one at random. */
        IMPORTANCE,
        VISUAL_FIRST,
        AUDIO_FIRST,
        /** Either one, each with probability 1/2. */
        RANDOM;

        /** The modality this order puts first in a clip; balanced or neither: either may come first. */
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
     * A text, its blocks, and whether a block was rewritten.
     *
     * @param steps its blocks, each with the emotion it was written to assert
     * @param faceRewritten whether {@link #consistentFaces} changed the visual block
     */
    public record Draft(String text, List<ReasoningStep> steps, boolean faceRewritten) {
        public Draft {
            steps = List.copyOf(steps);
        }
    }

    /** The rationale the shipped weights were trained on. */
    public static final Rationale SHIPPED = new Rationale(Text.CONSISTENT, Order.IMPORTANCE, 1);

    private static final double STRONG = 0.8;
    private static final double SLIGHT = 0.3;

    public Rationale {
        if (!(primacy >= 0 && primacy <= 1)) {
            throw new IllegalArgumentException("Primacy must be a weight in 0..1, not " + primacy + ".");
        }
    }

    /** A rationale without the consistency test of faces. */
    public Rationale(Text text, Order order, double primacy) {
        this(text, order, primacy, false);
    }

    /** Writes the text for a clip with the sentences of the training pool. */
    @Override
    public String write(CueAnnotation clip, SplittableRandom random) {
        return write(clip, Phrases.Pool.TRAINING, random);
    }

    /** Writes the text for a clip with the sentences of a pool. */
    public String write(CueAnnotation clip, Phrases.Pool pool, SplittableRandom random) {
        return draft(clip, pool, random).text();
    }

    /** As {@link #write}, with the blocks and whether the visual block was rewritten. */
    public Draft draft(CueAnnotation clip, Phrases.Pool pool, SplittableRandom random) {
        Modality first = first(clip, random);
        Modality second = first == Modality.VISUAL ? Modality.AUDIO : Modality.VISUAL;
        List<Cue> firstCues = Cue.salient(clip, first);
        List<Cue> secondCues = Cue.salient(clip, second);
        Posterior both = Posterior.of(y -> sum(firstCues, y) + primacy * sum(secondCues, y));
        List<ReasoningStep> steps = new ArrayList<>();
        Emotion firstAppraisal = appraise(clip, Cue.posterior(firstCues), random);
        steps.add(step(clip, first, checked(clip, first, firstAppraisal), pool, random));
        Emotion appraised = absent(secondCues) ? null : appraise(clip, both, random);
        if (text == Text.CONSISTENT && !absent(secondCues)) {
            // doubt depends on the block's own cues: agreement with the first block proves nothing
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
        Emotion seen = first == Modality.VISUAL ? firstAppraisal : appraised;
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

    /** The key in {@link Phrases} of the sentences that name the leading modality. */
    public static String lead(Dominance leading) {
        return switch (leading) {
            case VISUAL -> "LEADFACE";
            case AUDIO -> "LEADVOICE";
            case BALANCED -> "LEADBOTH";
            case NEITHER -> Phrases.LEAD_NONE;
        };
    }

    /** The emotion a block asserts; null: it expresses doubt. */
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

    /** The appraisal after the consistency test of faces. */
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
     * Every word and punctuation mark of the tokenizer's vocabulary: those of all pools of {@code phrases.txt}, and the
     * labels. The order determines the token ids, so trained models depend on it.
     */
    public static Set<String> vocabulary() {
        return vocabulary(Phrases.cues());
    }

    /** The words of the sentences of some cues and appraisals. */
    static Set<String> vocabulary(Set<String> cues) {
        Set<String> words = new LinkedHashSet<>(List.of(".", ",", "strongly", "slightly"));
        Posterior.LABELS.forEach(label -> words.add(label.word()));
        for (String cue : cues) {
            for (Phrases.Pool pool : Phrases.Pool.values()) {
                Phrases.shared(cue, pool).forEach(sentence -> words.addAll(List.of(sentence.split(" "))));
            }
        }
        return words.stream().filter(word -> !word.equals("{e}")).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
