package io.migr.corpus.text;

import io.migr.corpus.Cue;
import io.migr.corpus.CueAnnotation;
import io.migr.corpus.CueAnnotation.Reported;
import io.migr.model.Block;
import io.migr.model.Emotion;
import io.migr.model.Modality;
import io.migr.model.ReasoningStep;
import io.migr.model.cues.Claim;
import io.migr.model.explain.ExplanationGrammar;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Writes what can be said of measured people. A block names up to four things that were measured, those that tell most
 * first, and what the face alone looks like if it tells what is concluded. A voice tells no emotion unless it may be laughing. The
 * last block names the modality that leads, and concludes. The order is that of importance.
 */
public final class MeasuredRationale implements ExplanationWriter {
    /** What the shipped weights were trained on. */
    public static final MeasuredRationale SHIPPED = new MeasuredRationale();

    private static final List<String> APPRAISALS = List.of(
            "SEES",
            "HEARS",
            "DOUBTFACE",
            "DOUBTVOICE",
            "LEADFACE",
            "LEADVOICE",
            "LEADBOTH",
            Phrases.LEAD_NONE,
            "CONCLUDE");

    private static final double STRONG = 0.8;
    private static final double SLIGHT = 0.3;

    private MeasuredRationale() {}

    /** As {@link Rationale#vocabulary}, of what is said here. */
    public static Set<String> vocabulary() {
        Set<String> cues =
                new LinkedHashSet<>(Arrays.stream(Claim.values()).map(Claim::id).toList());
        cues.addAll(APPRAISALS);
        return Rationale.vocabulary(cues);
    }

    /**
     * The sentences that express a claim, without the full stop. Of a sound without speech, it is not said that there is
     * noise: it may be silent.
     */
    public static List<String> sentences(String claim, Phrases.Pool pool) {
        return Phrases.sentences(claim, pool).stream()
                .filter(sentence -> !sentence.endsWith("has only noise"))
                .toList();
    }

    @Override
    public String write(CueAnnotation clip, SplittableRandom random) {
        return write(clip, Phrases.Pool.TRAINING, random);
    }

    /** As {@link #write(CueAnnotation, SplittableRandom)}, with the sentences of a pool. */
    String write(CueAnnotation clip, Phrases.Pool pool, SplittableRandom random) {
        if (!(clip instanceof Reported reported)) {
            throw new IllegalArgumentException("Clip " + clip.seed() + " was not measured as clips of people are; "
                    + "Rationale writes about it.");
        }
        boolean coin = random.nextBoolean();
        Modality leading = reported.leads().modality();
        Modality first = leading != null ? leading : coin ? Modality.VISUAL : Modality.AUDIO;
        Modality second = first == Modality.VISUAL ? Modality.AUDIO : Modality.VISUAL;
        String weighing = Phrases.pick(Rationale.lead(reported.leads()), pool, random) + ". "
                + Phrases.pick("CONCLUDE", pool, random)
                        .replace("{e}", reported.concludes().word())
                + ".";
        return ExplanationGrammar.render(
                List.of(
                        step(reported, first, pool, random),
                        step(reported, second, pool, random),
                        new ReasoningStep(Block.WEIGHING, weighing, reported.concludes())),
                reported.concludes());
    }

    private static ReasoningStep step(Reported clip, Modality modality, Phrases.Pool pool, SplittableRandom random) {
        List<Cue> cues = Cue.salient(clip, modality);
        StringBuilder text = new StringBuilder();
        for (Cue cue : cues) {
            List<String> sentences = sentences(cue.id(), pool);
            text.append(sentences.get(random.nextInt(sentences.size())))
                    .append(degree(cue, clip))
                    .append(". ");
        }
        boolean visual = modality == Modality.VISUAL;
        boolean used = visual ? clip.hasFace() : clip.hasVoice();
        Emotion says = visual ? clip.faceSays() : laughs(clip) ? clip.voiceSays() : null;
        if (used) {
            String appraisal = says == null ? visual ? "DOUBTFACE" : "DOUBTVOICE" : visual ? "SEES" : "HEARS";
            text.append(Phrases.pick(appraisal, pool, random)).append('.');
        }
        String said = says == null ? text.toString() : text.toString().replace("{e}", says.word());
        return new ReasoningStep(Block.of(modality), said.strip(), used ? says : null);
    }

    /** How strongly an action unit shows that is not compared with the usual. */
    private static String degree(Cue cue, Reported clip) {
        if (!cue.id().matches("AU\\d+")) {
            return "";
        }
        double strength = cue.strength(clip);
        return strength >= STRONG ? ", strongly" : strength <= SLIGHT ? ", slightly" : "";
    }

    private static boolean laughs(Reported clip) {
        return clip.reading().claims().containsKey(Claim.LAUGHTER.id());
    }
}
