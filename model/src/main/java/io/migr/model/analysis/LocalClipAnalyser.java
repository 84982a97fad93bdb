package io.migr.model.analysis;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.engine.Kernels;
import io.migr.model.Analysis;
import io.migr.model.Analysis.ActionUnitIntensity;
import io.migr.model.ClipAnalyser;
import io.migr.model.ClipInput;
import io.migr.model.Emotion;
import io.migr.model.Explanation;
import io.migr.model.Explanation.Finish;
import io.migr.model.Modality;
import io.migr.model.ModalityImportance;
import io.migr.model.analysis.ClipEncoder.Encoded;
import io.migr.model.analysis.ClipEncoder.Prepared;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.decode.Generated;
import io.migr.model.decode.Generator;
import io.migr.model.decode.Sampling;
import io.migr.model.explain.ExplanationGrammar;
import io.migr.model.explain.GrammarConstraint;
import io.migr.model.explain.MeasuredCue.Measures;
import io.migr.model.explain.Tokenizer;
import io.migr.model.importance.EvidenceTemperature;
import io.migr.model.network.Decoder;
import io.migr.model.network.Heads;
import io.migr.model.network.Network;
import io.migr.model.network.TokenSplice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Analyses clips with an {@link EmotionModel} in this process: towers, evidence heads, modality importance, then an
 * explanation that starts with the modality that counted most (either one on balanced clips) and names it before it
 * concludes.
 */
public final class LocalClipAnalyser implements ClipAnalyser {
    /** Most tokens of one explanation; enough for the grammar's three blocks and the answer. */
    static final int LIMIT = 192;
    /** Action units are reported from this peak intensity on. */
    private static final float SHOWN = 0.2f;

    private final EmotionModel model;
    private final boolean free;
    private final Sampling sampling;
    private final ClipEncoder encoder;
    private final GrammarConstraint.Tokens tokens;
    private final Generator generator;
    /** Number of explanations so far; determines a clip's random draws, so that they differ from batch to batch. */
    private long explained;

    public LocalClipAnalyser(EmotionModel model) {
        this(model, false, Sampling.GREEDY);
    }

    /**
     * An analyser for evaluation.
     *
     * @param free whether the model chooses the first block and names the leading modality itself, without constraint
     *     by the measured modality importance
     */
    public LocalClipAnalyser(EmotionModel model, boolean free, Sampling sampling) {
        this.model = model;
        this.free = free;
        this.sampling = sampling;
        EmotionModelConfig config = model.config();
        encoder = new ClipEncoder(model);
        tokens = new GrammarConstraint.Tokens(
                model.tokenizer(),
                config.network().decoder().vocabulary(),
                config.labels(),
                free ? Map.of() : config.leads(),
                free ? List.of() : config.cues());
        generator = new Generator(model.network().decoder(), model.tokenizer().id(Tokenizer.END));
    }

    @Override
    public String version() {
        return model.version();
    }

    @Override
    public boolean needsMedia() {
        return model.config().needsMedia();
    }

    @Override
    public Batch analyse(List<ClipInput> clips) {
        return write(clips, false).batch();
    }

    /**
     * The analyses, and what evaluation needs in addition; the lists have one entry per clip.
     *
     * @param texts the decoded tokens, which cannot be recovered from the text
     * @param audits modality importance by the expensive estimator; empty if not requested
     */
    public record Written(Batch batch, List<Generated> texts, List<ModalityImportance> audits) {}

    /**
     * As {@link #analyse}, but also returns the tokens.
     *
     * @param audited whether to also estimate modality importance by masked prefills, see {@link Written#audits}: v(S)
     *     is the decoder's log-probability of a label as an immediate answer, with the tokens of modalities outside S
     *     left out of the prompt, and the label is the decoder's arg-max given the modalities that are present
     */
    public Written write(List<ClipInput> clips, boolean audited) {
        Kernels.recordGradients(false);
        if (clips.isEmpty()) {
            return new Written(new Batch(List.of(), 0, 0, 0, 0), List.of(), List.of());
        }
        long start = System.nanoTime();
        Prepared batch = encoder.prepare(clips);
        long prepared = System.nanoTime();
        try (NDManager scope = model.manager().newSubManager()) {
            NDArray sound = encoder.sound(scope, batch);
            Encoded tokens = encoder.encode(scope, batch, sound);
            tokens.video().sum().getFloat(); // waits for the device, so that each stage's time is measured separately
            long encoded = System.nanoTime();
            List<Evidence> evidence = EvidenceReader.read(
                    model, scope, clips, tokens, model.config().temperature());
            List<Reading> readings = readings(clips, tokens, evidence);
            long weighed = System.nanoTime();
            List<Generated> texts = new ArrayList<>();
            List<Explanation> explanations =
                    explain(scope, readings, tokens, barred(scope, sound, tokens, clips, readings), texts);
            long decoded = System.nanoTime();
            List<Analysis> analyses = new ArrayList<>();
            for (int i = 0; i < clips.size(); i++) {
                analyses.add(readings.get(i).analysis(explanations.get(i)));
            }
            Batch answers = new Batch(
                    analyses,
                    (prepared - start) / 1e6f,
                    (encoded - prepared) / 1e6f,
                    (weighed - encoded) / 1e6f,
                    (decoded - weighed) / 1e6f);
            return new Written(answers, texts, audited ? audits(scope, clips, tokens, evidence) : List.of());
        }
    }

    /** All results for a clip except its explanation. */
    private record Reading(
            Emotion emotion,
            Map<Emotion, Float> probabilities,
            Map<Emotion, Float> prior,
            ModalityImportance importance,
            List<ActionUnitIntensity> units,
            boolean face,
            boolean voice,
            String faceMissing,
            String voiceMissing) {
        Analysis analysis(Explanation explanation) {
            return new Analysis(
                    emotion, probabilities, prior, importance, units, explanation, faceMissing, voiceMissing);
        }

        Modality first() {
            return importance.dominant().modality();
        }
    }

    private List<Reading> readings(List<ClipInput> clips, Encoded encoded, List<Evidence> evidence) {
        List<Reading> readings = new ArrayList<>();
        for (int c = 0; c < clips.size(); c++) {
            readings.add(reading(clips.get(c), encoded, c, evidence.get(c)));
        }
        return readings;
    }

    /** The evidence of clips at given temperatures, without explanations; for calibration. */
    public List<Evidence> evidence(List<ClipInput> clips, EvidenceTemperature temperature) {
        Kernels.recordGradients(false);
        try (NDManager scope = model.manager().newSubManager()) {
            return EvidenceReader.read(model, scope, clips, encoder.encode(scope, encoder.prepare(clips)), temperature);
        }
    }

    private Reading reading(ClipInput clip, Encoded encoded, int c, Evidence evidence) {
        boolean face = evidence.face();
        boolean voice = evidence.voice();
        double[][] v = evidence.v();
        List<Emotion> labels = model.config().labels();
        int best = evidence.favoured();
        ModalityImportance importance = evidence.importance(
                model.config().importance(), best, ModalityImportance.Estimator.EVIDENCE_HEADS, true);
        return new Reading(
                labels.get(best),
                probabilities(labels, evidence.best()),
                probabilities(labels, v[0]),
                importance,
                readsCues()
                        ? clip.cues().actionUnits()
                        : face ? units(encoded.units().get(c)) : List.of(),
                face,
                voice,
                face ? null : faceMissing(clip),
                voice ? null : voiceMissing(clip));
    }

    private boolean readsCues() {
        return model.config().network().readsCues();
    }

    private String faceMissing(ClipInput clip) {
        return readsCues()
                ? clip.cues().faceMissing()
                : clip.frames().isEmpty() ? "there are no pictures" : "no face is seen in the pictures";
    }

    private String voiceMissing(ClipInput clip) {
        return readsCues() ? clip.cues().voiceMissing() : clip.logMel() == null ? "there is no sound" : "nobody speaks";
    }

    private static Map<Emotion, Float> probabilities(List<Emotion> labels, double[] logProbabilities) {
        Map<Emotion, Float> probabilities = new LinkedHashMap<>();
        for (int y = 0; y < labels.size(); y++) {
            probabilities.put(labels.get(y), (float) Math.exp(logProbabilities[y]));
        }
        return probabilities;
    }

    private static List<ActionUnitIntensity> units(float[] logits) {
        double[] peaks = Heads.peaks(logits);
        List<ActionUnitIntensity> units = new ArrayList<>();
        for (int i = 0; i < Heads.ACTION_UNITS.size(); i++) {
            float peak = (float) peaks[i];
            if (peak >= SHOWN) {
                units.add(new ActionUnitIntensity(Heads.ACTION_UNITS.get(i), peak));
            }
        }
        units.sort(Comparator.comparing(unit -> -unit.intensity()));
        return units;
    }

    /** The cues that must not be claimed for each clip because the heads did not measure them. */
    private long[] barred(
            NDManager scope, NDArray sound, Encoded encoded, List<ClipInput> clips, List<Reading> readings) {
        return barred(
                scope,
                sound,
                encoded,
                clips,
                readings.stream().map(Reading::face).toList(),
                readings.stream().map(Reading::voice).toList());
    }

    /** As above, for clips with known presence of face and voice. */
    long[] barred(
            NDManager scope,
            NDArray sound,
            Encoded encoded,
            List<ClipInput> clips,
            List<Boolean> faces,
            List<Boolean> voices) {
        long[] barred = new long[faces.size()];
        if (model.config().cues().isEmpty() || free) {
            return barred;
        }
        if (readsCues()) {
            for (int c = 0; c < barred.length; c++) {
                barred[c] = tokens.barred(Measures.of(clips.get(c).cues()));
            }
            return barred;
        }
        float[] prosody = model.heads().prosody(scope, sound).toFloatArray();
        for (int c = 0; c < barred.length; c++) {
            barred[c] = tokens.barred(new Measures(
                    faces.get(c) ? Heads.peaks(encoded.units().get(c)) : null,
                    voices.get(c) ? Heads.deviations(prosody, c) : null));
        }
        return barred;
    }

    private List<Explanation> explain(
            NDManager scope, List<Reading> readings, Encoded encoded, long[] barred, List<Generated> texts) {
        List<long[]> rows = new ArrayList<>();
        List<GrammarConstraint> constraints = new ArrayList<>();
        long[] sequences = new long[readings.size()];
        for (int c = 0; c < readings.size(); c++) {
            Reading reading = readings.get(c);
            // a modality that is not used is not shown to the decoder either, or it would describe it
            rows.add(model.prompt().ids(reading.face(), reading.voice()));
            constraints.add(new GrammarConstraint(
                    tokens,
                    free ? null : reading.first(),
                    model.config().blockLimit(),
                    reading.importance().dominant(),
                    barred[c]));
            sequences[c] = explained++;
        }
        TokenSplice splice = splice(rows);
        NDArray prompts = model.network().embed(scope, splice, encoded.video(), encoded.audio());
        texts.addAll(generator.generate(prompts, splice.attentionOrNull(), constraints, sequences, LIMIT, sampling));
        List<Explanation> explanations = new ArrayList<>();
        for (int c = 0; c < texts.size(); c++) {
            boolean whole = texts.get(c).stopped() && !constraints.get(c).cut();
            String text = model.tokenizer().decode(texts.get(c).tokens());
            explanations.add(
                    ExplanationGrammar.parse(text, model.config().labels(), whole ? Finish.STOP : Finish.LENGTH)
                            .orElseThrow(() -> new IllegalStateException("Decoding left the grammar: " + text)));
        }
        return explanations;
    }

    private List<ModalityImportance> audits(
            NDManager scope, List<ClipInput> clips, Encoded encoded, List<Evidence> evidence) {
        List<ModalityImportance> audits = new ArrayList<>();
        for (int c = 0; c < clips.size(); c++) {
            try (NDManager passing = scope.newSubManager()) {
                boolean face = evidence.get(c).face();
                boolean voice = evidence.get(c).voice();
                double[][] v = maskedPrefills(passing, encoded, c, clips.get(c));
                Evidence audit = new Evidence(v, face, voice);
                audits.add(audit.importance(
                        model.config().importance(),
                        audit.favoured(),
                        ModalityImportance.Estimator.MASKED_PREFILL,
                        true));
            }
        }
        return audits;
    }

    /** {@code [4][labels]} log-probabilities: neither, face, voice, both. */
    private double[][] maskedPrefills(NDManager scope, Encoded encoded, int c, ClipInput clip) {
        NDArray video = encoded.video().get(c + ":" + (c + 1)).repeat(0, 4);
        NDArray audio = encoded.audio().get(c + ":" + (c + 1)).repeat(0, 4);
        video.attach(scope);
        audio.attach(scope);
        List<long[]> rows = new ArrayList<>();
        for (int s = 0; s < 4; s++) {
            long[] prompt = model.prompt().ids(s % 2 == 1 && clip.hasPictures(), s >= 2 && clip.hasSound());
            long[] row = Arrays.copyOf(prompt, prompt.length + 1);
            row[prompt.length] = model.tokenizer().id("<answer>");
            rows.add(row);
        }
        TokenSplice splice = splice(rows);
        Decoder decoder = model.network().decoder();
        NDArray hidden = decoder.hidden(
                scope,
                model.network().embed(scope, splice, video, audio),
                splice.attentionOrNull(),
                decoder.config().layers());
        NDArray ends = hidden.get(":, -1:");
        float[] last = decoder.logits(scope, ends).toFloatArray();
        int vocabulary = last.length / 4;
        List<Emotion> labels = model.config().labels();
        float[] answers = new float[4 * labels.size()];
        for (int i = 0; i < answers.length; i++) {
            int id = model.tokenizer().id(labels.get(i % labels.size()).word());
            answers[i] = last[i / labels.size() * vocabulary + id];
        }
        double[][] v = new double[4][];
        for (int s = 0; s < 4; s++) {
            v[s] = EvidenceReader.logProbabilities(answers, s, labels.size(), 1);
        }
        return v;
    }

    /** Lays out several rows of ids, padded on the left, for decoding. */
    TokenSplice splice(List<long[]> rows) {
        Network.Config config = model.config().network();
        return TokenSplice.of(rows, null, config.videoTokens(), config.audioTokens(), true);
    }

    EmotionModel model() {
        return model;
    }

    ClipEncoder encoder() {
        return encoder;
    }

    Generator generator() {
        return generator;
    }

    GrammarConstraint.Tokens tokens() {
        return tokens;
    }

    @Override
    public void close() {
        model.close();
    }
}
