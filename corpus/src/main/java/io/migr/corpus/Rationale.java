package io.migr.corpus;

import io.migr.corpus.VoiceCues.Dimension;
import io.migr.corpus.VoiceCues.Event;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.ExplanationGrammar;
import io.migr.model.Modality;
import io.migr.model.ReasoningStep;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What an annotator would write about a clip. A block names two to four cues that are truly there, the most telling
 * first, and appraises them; the last block says which modality leads and concludes.
 *
 * @param text how appraisals are made
 * @param order which block comes first
 * @param primacy the weight of the second block's log-evidence against the first's, 0..1; 1 is Bayes, less is an
 *     assumption about annotators that has to be declared with every result
 */
public record Rationale(Text text, Order order, double primacy) {

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
        AUDIO_FIRST
    }

    /** What the shipped weights learn from. */
    public static final Rationale SHIPPED = new Rationale(Text.CONSISTENT, Order.IMPORTANCE, 1);

    private static final int MOST_CUES = 4;
    /** A deviation of the voice that is worth saying. */
    private static final double MARKED = 0.7;

    private static final double STRONG = 0.8;
    private static final double SLIGHT = 0.3;

    /** A cue, how telling it is, how strong, and its log-likelihood. */
    private record Cue(String name, double salience, double strength, ToDoubleFunction<Emotion> logLikelihood) {}

    /** Writes about a clip, in the words of training text. */
    public String write(ClipTruth clip, SplittableRandom random) {
        return write(clip, Phrases.Pool.TRAINING, random);
    }

    String write(ClipTruth clip, Phrases.Pool pool, SplittableRandom random) {
        Modality first = first(clip, random);
        Modality second = first == Modality.VISUAL ? Modality.AUDIO : Modality.VISUAL;
        List<Cue> firstCues = cues(clip, first);
        List<Cue> secondCues = cues(clip, second);
        ToDoubleFunction<Emotion> alone = sum(firstCues, 1);
        ToDoubleFunction<Emotion> both =
                y -> alone.applyAsDouble(y) + sum(secondCues, primacy).applyAsDouble(y);
        List<ReasoningStep> steps = new ArrayList<>();
        steps.add(step(first, firstCues, appraise(clip, Posterior.of(alone), random), pool, random));
        // the second appraisal has both blocks to go by
        boolean silent = absent(clip, second);
        Emotion appraised = silent ? null : appraise(clip, Posterior.of(both), random);
        if (text == Text.CONSISTENT && !silent) {
            // doubt is about the block's own cues: agreement with the first block proves nothing
            Emotion own = Posterior.of(sum(secondCues, 1)).best();
            appraised = own == clip.label() ? clip.label() : null;
        }
        steps.add(step(second, secondCues, appraised, pool, random));
        Emotion concluded = text == Text.CONSISTENT ? clip.label() : appraise(clip, Posterior.of(both), random);
        if (concluded == null) {
            concluded = clip.label();
        }
        String think = sentence(lead(clip.oracle()), pool, random) + " "
                + sentence("CONCLUDE", pool, random).replace("{e}", concluded.word());
        steps.add(new ReasoningStep(null, think, concluded));
        return ExplanationGrammar.render(steps, clip.label());
    }

    private Modality first(ClipTruth clip, SplittableRandom random) {
        boolean coin = random.nextBoolean();
        return switch (order) {
            case VISUAL_FIRST -> Modality.VISUAL;
            case AUDIO_FIRST -> Modality.AUDIO;
            case IMPORTANCE ->
                switch (clip.oracle()) {
                    case VISUAL -> Modality.VISUAL;
                    case AUDIO -> Modality.AUDIO;
                    case BALANCED -> coin ? Modality.VISUAL : Modality.AUDIO;
                };
        };
    }

    private static boolean absent(ClipTruth clip, Modality modality) {
        return modality == Modality.VISUAL ? clip.units() == null : clip.voice() == null;
    }

    private static String lead(Dominance oracle) {
        return switch (oracle) {
            case VISUAL -> "LEADFACE";
            case AUDIO -> "LEADVOICE";
            case BALANCED -> "LEADBOTH";
        };
    }

    /** The emotion that a block asserts; null: it doubts. */
    private Emotion appraise(ClipTruth clip, Posterior posterior, SplittableRandom random) {
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

    private static ToDoubleFunction<Emotion> sum(List<Cue> cues, double weight) {
        return y -> cues.stream()
                .mapToDouble(cue -> weight * cue.logLikelihood().applyAsDouble(y))
                .sum();
    }

    private static ReasoningStep step(
            Modality modality, List<Cue> cues, Emotion emotion, Phrases.Pool pool, SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        boolean absent = false;
        for (Cue cue : cues) {
            absent |= cue.name().startsWith("NO");
            String words = Phrases.pick(cue.name(), pool, random);
            String degree = cue.strength() >= STRONG ? ", strongly" : cue.strength() <= SLIGHT ? ", slightly" : "";
            text.append(words).append(cue.name().startsWith("AU") ? degree : "").append(". ");
        }
        boolean visual = modality == Modality.VISUAL;
        if (!absent && emotion != null) {
            text.append(sentence(visual ? "SEES" : "HEARS", pool, random).replace("{e}", emotion.word()));
        } else if (!absent) {
            text.append(sentence(visual ? "DOUBTFACE" : "DOUBTVOICE", pool, random));
        }
        return new ReasoningStep(modality, text.toString().strip(), absent ? null : emotion);
    }

    private static String sentence(String cue, Phrases.Pool pool, SplittableRandom random) {
        return Phrases.pick(cue, pool, random) + ".";
    }

    private static List<Cue> cues(ClipTruth clip, Modality modality) {
        List<Cue> all = modality == Modality.VISUAL ? faceCues(clip) : voiceCues(clip);
        return all.stream()
                .sorted(Comparator.comparingDouble(cue -> -cue.salience()))
                .limit(MOST_CUES)
                .toList();
    }

    private static List<Cue> faceCues(ClipTruth clip) {
        List<Cue> cues = new ArrayList<>();
        if (clip.units() == null) {
            return List.of(new Cue("NOFACE", 0, 0.5, y -> 0));
        }
        for (int i = 0; i < FaceCues.UNITS.length; i++) {
            int unit = FaceCues.UNITS[i];
            if (clip.units()[i]) {
                ToDoubleFunction<Emotion> shown = y -> Math.log(FaceCues.probability(y, unit));
                cues.add(new Cue("AU" + unit, clip.intensities()[i] * spread(shown), clip.intensities()[i], shown));
            }
        }
        if (cues.isEmpty()) {
            cues.add(new Cue("STILL", 0, 0.5, y -> FaceCues.logLikelihood(clip.units(), y)));
        }
        return cues;
    }

    private static List<Cue> voiceCues(ClipTruth clip) {
        if (clip.voice() == null) {
            return List.of(new Cue("NOVOICE", 0, 0.5, y -> 0));
        }
        List<Cue> cues = new ArrayList<>();
        for (Dimension dimension : Dimension.values()) {
            double deviation = clip.voice().deviations()[dimension.ordinal()];
            if (Math.abs(deviation) >= MARKED) {
                ToDoubleFunction<Emotion> heard = y -> VoiceCues.logLikelihood(dimension, deviation, y);
                cues.add(new Cue(dimension + (deviation > 0 ? "+" : "-"), spread(heard), 0.5, heard));
            }
        }
        Event event = clip.voice().event();
        if (event != Event.NONE) {
            // nobody overhears a sob
            cues.add(new Cue(event.name(), 1e6, 0.5, y -> VoiceCues.logLikelihood(event, y)));
        }
        if (cues.isEmpty()) {
            cues.add(new Cue("FLAT", 0, 0.5, y -> VoiceCues.logLikelihood(clip.voice(), y)));
        }
        return cues;
    }

    /** How much a cue tells emotions apart, whichever is true: the deviation of its log-likelihood over emotions. */
    private static double spread(ToDoubleFunction<Emotion> logLikelihood) {
        double mean =
                Posterior.LABELS.stream().mapToDouble(logLikelihood).average().orElseThrow();
        return Math.sqrt(Posterior.LABELS.stream()
                .mapToDouble(y -> Math.pow(logLikelihood.applyAsDouble(y) - mean, 2))
                .average()
                .orElseThrow());
    }

    /** Every word and mark that any pool can write, labels included. */
    public static Set<String> vocabulary() {
        Set<String> words = new LinkedHashSet<>(List.of(".", ",", "strongly", "slightly"));
        Posterior.LABELS.forEach(label -> words.add(label.word()));
        for (String cue : Phrases.cues()) {
            for (Phrases.Pool pool : Phrases.Pool.values()) {
                Phrases.sentences(cue, pool).forEach(sentence -> words.addAll(List.of(sentence.split(" "))));
            }
        }
        return words.stream().filter(word -> !word.equals("{e}")).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
