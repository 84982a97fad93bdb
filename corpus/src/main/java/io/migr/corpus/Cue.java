package io.migr.corpus;

import io.migr.corpus.DrawnVoiceCues.Dimension;
import io.migr.corpus.DrawnVoiceCues.Event;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import io.migr.model.cues.Claim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Something a sentence can claim about a face or a voice: an action unit, a marked deviation of the voice, a non-verbal
 * sound, or that nothing is noticeable; of measured people, a {@link Claim}. A claim is coarser than the measurement ("the pitch is high", not how high),
 * and its likelihood is the likelihood of the claim, not of the measured value.
 */
public final class Cue {
    /** A deviation from the speaker's neutral counts as marked (audible) from this size on, in standard deviations. */
    static final double MARKED = 0.7;

    /** The most cues a block names. */
    private static final int MOST = 4;
    /** Larger than any deviation, so that a non-verbal sound is always the most salient cue of a voice. */
    private static final double EVENT_STRENGTH = 1e6;

    private static final Map<String, Cue> CATALOGUE = new LinkedHashMap<>();

    static {
        for (int unit : DrawnFaceCues.UNITS) {
            int index = DrawnFaceCues.index(unit);
            add(
                    "AU" + unit,
                    Modality.VISUAL,
                    y -> Math.log(DrawnFaceCues.probability(y, unit)),
                    clip -> clip.units() == null ? 0 : clip.intensities()[index]);
        }
        boolean[] none = new boolean[DrawnFaceCues.UNITS.length];
        add("STILL", Modality.VISUAL, y -> DrawnFaceCues.logLikelihood(none, y), when(Cue::still));
        add("NOFACE", Modality.VISUAL, y -> 0, when(clip -> clip.units() == null));
        for (Dimension dimension : Dimension.values()) {
            for (int sign : new int[] {1, -1}) {
                add(
                        dimension + (sign > 0 ? "+" : "-"),
                        Modality.AUDIO,
                        y -> DrawnVoiceCues.logMarked(dimension, sign, y),
                        clip -> marked(clip, dimension, sign));
            }
        }
        for (Event event : Event.values()) {
            if (event != Event.NONE) {
                add(
                        event.name(),
                        Modality.AUDIO,
                        y -> DrawnVoiceCues.logLikelihood(event, y),
                        clip -> clip.voice() != null && clip.voice().event() == event ? EVENT_STRENGTH : 0);
            }
        }
        add("FLAT", Modality.AUDIO, DrawnVoiceCues::logUnmarked, when(Cue::flat));
        add("NOVOICE", Modality.AUDIO, y -> 0, when(clip -> clip.voice() == null));
        for (Claim claim : Claim.values()) {
            if (!CATALOGUE.containsKey(claim.id())) {
                CATALOGUE.put(claim.id(), new Cue(claim.id(), claim.modality(), null, clip -> 0));
            }
        }
    }

    private final String id;
    private final Modality modality;
    /** Of the drawn corpus; null for what is claimed of measured people only. */
    private final Map<Emotion, Double> drawn;

    private final double drawnSpread;
    private final ToDoubleFunction<CueAnnotation> strength;

    private Cue(
            String id,
            Modality modality,
            ToDoubleFunction<Emotion> logLikelihood,
            ToDoubleFunction<CueAnnotation> strength) {
        this.id = id;
        this.modality = modality;
        this.strength = strength;
        drawn = logLikelihood == null ? null : new EnumMap<>(Emotion.class);
        if (drawn != null) {
            Posterior.LABELS.forEach(label -> drawn.put(label, logLikelihood.applyAsDouble(label)));
        }
        drawnSpread = drawn == null ? 0 : deviation(drawn);
    }

    private Map<Emotion, Double> logLikelihoods() {
        return drawn != null ? drawn : ClaimLikelihoods.of(id);
    }

    /** How much the cue tells: the standard deviation of its log-likelihood over emotions. */
    private double spread(CueAnnotation clip) {
        return clip instanceof CueAnnotation.Reported ? deviation(ClaimLikelihoods.of(id)) : drawnSpread;
    }

    private static void add(
            String id,
            Modality modality,
            ToDoubleFunction<Emotion> logLikelihood,
            ToDoubleFunction<CueAnnotation> strength) {
        CATALOGUE.put(id, new Cue(id, modality, logLikelihood, strength));
    }

    private static ToDoubleFunction<CueAnnotation> when(Predicate<CueAnnotation> holds) {
        return clip -> holds.test(clip) ? 1 : 0;
    }

    private static boolean still(CueAnnotation clip) {
        boolean still = clip.units() != null;
        for (int i = 0; still && i < DrawnFaceCues.UNITS.length; i++) {
            still = !clip.units()[i];
        }
        return still;
    }

    private static boolean flat(CueAnnotation clip) {
        boolean flat = clip.voice() != null && clip.voice().event() == Event.NONE;
        for (int i = 0; flat && i < Dimension.values().length; i++) {
            flat = Math.abs(clip.voice().deviations()[i]) < MARKED;
        }
        return flat;
    }

    private static double marked(CueAnnotation clip, Dimension dimension, int sign) {
        double deviation = clip.voice() == null ? 0 : sign * clip.voice().deviations()[dimension.ordinal()];
        return deviation >= MARKED ? deviation : 0;
    }

    private static double deviation(Map<Emotion, Double> values) {
        double mean = values.values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
        return Math.sqrt(values.values().stream()
                .mapToDouble(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow());
    }

    /** Names of the prosodic dimensions in the order of a voice's deviations; with {@code +} or {@code -} a cue id. */
    public static List<String> dimensions() {
        return Arrays.stream(Dimension.values()).map(Dimension::name).toList();
    }

    /** Every cue, face cues first. */
    public static List<Cue> all() {
        return List.copyOf(CATALOGUE.values());
    }

    /**
     * The cue with an id as used in {@code phrases.txt}, e.g. {@code AU12} or {@code PITCH+}.
     *
     * @return null when no cue has this id; appraisals and weighing sentences are not cues
     */
    public static Cue of(String id) {
        return CATALOGUE.get(id);
    }

    /**
     * The cues of a modality an annotator would name: up to four true cues, the most informative first. A cue's
     * informativeness is its strength times the standard deviation of its log-likelihood over emotions, so it does not
     * depend on the true emotion. Never empty for a drawn clip: that nothing is noticeable, visible or audible is a cue
     * too. Of a measured face nothing may be worth naming.
     */
    public static List<Cue> salient(CueAnnotation clip, Modality modality) {
        List<Cue> shown = new ArrayList<>();
        for (Cue cue : CATALOGUE.values()) {
            if (cue.modality == modality && cue.isTrue(clip)) {
                shown.add(cue);
            }
        }
        shown.sort(Comparator.comparingDouble(cue -> -cue.strength(clip) * cue.spread(clip)));
        return List.copyOf(shown.subList(0, Math.min(MOST, shown.size())));
    }

    /** The cues of a clip an annotator would name: those of the face, then those of the voice. */
    public static List<Cue> salient(CueAnnotation clip) {
        List<Cue> both = new ArrayList<>(salient(clip, Modality.VISUAL));
        both.addAll(salient(clip, Modality.AUDIO));
        return List.copyOf(both);
    }

    public String id() {
        return id;
    }

    /** The modality in which the cue is seen or heard. */
    public Modality modality() {
        return modality;
    }

    /** log p(claim is true | emotion), for the seven emotions of the corpus. */
    public double logLikelihood(Emotion emotion) {
        return logLikelihoods().get(emotion);
    }

    /** Whether the claim is true of a clip. */
    public boolean isTrue(CueAnnotation clip) {
        return strength(clip) > 0;
    }

    /** Whether the cue claims that its modality is absent. */
    public boolean absence() {
        return id.equals("NOFACE") || id.equals("NOVOICE");
    }

    /** The strength of the cue in a clip: intensity of a unit, size of a deviation; 0 where the cue is not true. */
    public double strength(CueAnnotation clip) {
        return clip instanceof CueAnnotation.Reported reported
                ? reported.reading().claims().getOrDefault(id, 0.0)
                : strength.applyAsDouble(clip);
    }

    /** The posterior of the emotions given these claims, under a uniform prior. */
    public static Posterior posterior(Iterable<Cue> claimed) {
        return Posterior.of(y -> {
            double sum = 0;
            for (Cue cue : claimed) {
                sum += cue.logLikelihood(y);
            }
            return sum;
        });
    }

    @Override
    public String toString() {
        return id;
    }
}
