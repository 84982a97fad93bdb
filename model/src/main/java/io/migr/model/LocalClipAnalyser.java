package io.migr.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.model.Analysis.ActionUnitIntensity;
import io.migr.model.Explanation.Finish;
import io.migr.model.engine.Kernels;
import io.migr.model.generate.Generated;
import io.migr.model.generate.Sampling;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * Analyses clips with an {@link EmotionModel} in this process: towers, evidence heads, modality importance, then an
 * explanation that starts with the modality that counted most (on balanced clips the model chooses).
 */
public final class LocalClipAnalyser implements ClipAnalyser {
    /** Most tokens of one explanation; the grammar's three blocks and the answer fit. */
    private static final int LIMIT = 192;
    /** A unit is reported from this peak intensity on. */
    private static final float SHOWN = 0.2f;

    private final EmotionModel model;
    private final boolean free;
    private final Sampling sampling;
    private final FramePreprocessor preprocessor;
    private final GrammarConstraint.Tokens tokens;
    private final Generator generator;

    public LocalClipAnalyser(EmotionModel model) {
        this(model, false, Sampling.GREEDY);
    }

    /**
     * For evaluation.
     *
     * @param free the model chooses the first block itself, whatever modality importance says
     */
    public LocalClipAnalyser(EmotionModel model, boolean free, Sampling sampling) {
        this.model = model;
        this.free = free;
        this.sampling = sampling;
        EmotionModel.Config config = model.config();
        preprocessor = new FramePreprocessor(config.network().vision().image(), config.padToSquare());
        tokens = new GrammarConstraint.Tokens(
                model.tokenizer(), config.network().decoder().vocabulary(), config.labels());
        generator = new Generator(model.network().decoder(), model.tokenizer().id(Tokenizer.END));
        ImageIO.setUseCache(false);
    }

    @Override
    public String version() {
        return model.version();
    }

    @Override
    public Batch analyse(List<ClipInput> clips) {
        Kernels.recordGradients(false);
        if (clips.isEmpty()) {
            return new Batch(List.of(), 0, 0, 0, 0);
        }
        long start = System.nanoTime();
        Units units = Units.empty();
        float[] pixels = pixels(clips);
        float[] energies = energies(clips);
        long prepared = System.nanoTime();
        try (NDManager scope = model.manager().newSubManager()) {
            NDArray video = video(scope, clips.size(), pixels, units);
            NDArray audio = audio(scope, clips.size(), energies);
            video.sum().getFloat(); // waits for the device, so that the timings tell stages apart
            long encoded = System.nanoTime();
            List<Reading> readings = readings(scope, clips, video, audio, units);
            long weighed = System.nanoTime();
            List<Explanation> explanations = explain(scope, clips, readings, video, audio);
            long decoded = System.nanoTime();
            List<Analysis> analyses = new ArrayList<>();
            for (int i = 0; i < clips.size(); i++) {
                analyses.add(readings.get(i).analysis(explanations.get(i)));
            }
            return new Batch(
                    analyses,
                    (prepared - start) / 1e6f,
                    (encoded - prepared) / 1e6f,
                    (weighed - encoded) / 1e6f,
                    (decoded - weighed) / 1e6f);
        }
    }

    /** What the vision head said, filled while encoding. */
    private record Units(List<float[]> logits) {
        static Units empty() {
            return new Units(new ArrayList<>());
        }
    }

    private float[] pixels(List<ClipInput> clips) {
        int frames = model.config().network().frames();
        int size = model.config().network().vision().image();
        int area = 3 * size * size;
        float[] pixels = new float[clips.size() * frames * area];
        for (int c = 0; c < clips.size(); c++) {
            List<byte[]> pictures = clips.get(c).frames();
            int last = -1;
            for (int f = 0; f < frames && !pictures.isEmpty(); f++) {
                int at = (c * frames + f) * area;
                // fewer pictures than the model looks at: some are looked at twice
                int from = f * pictures.size() / frames;
                if (from == last) {
                    System.arraycopy(pixels, at - area, pixels, at, area);
                } else {
                    picture(pictures.get(from), c, pixels, at);
                }
                last = from;
            }
        }
        return pixels;
    }

    private void picture(byte[] jpeg, int clip, float[] pixels, int at) {
        try {
            var picture = ImageIO.read(new ByteArrayInputStream(jpeg));
            if (picture == null) {
                throw new IOException("it is no picture");
            }
            preprocessor.pixelValues(picture, pixels, at);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "A picture of clip " + clip + " of the batch (" + jpeg.length + " bytes) cannot be decoded: "
                            + e.getMessage(),
                    e);
        }
    }

    private float[] energies(List<ClipInput> clips) {
        AudioTower.Config config = model.config().network().audio();
        int window = 2 * config.positions();
        float[] energies = new float[clips.size() * config.mels() * window];
        for (int c = 0; c < clips.size(); c++) {
            float[][] bins = clips.get(c).logMel();
            if (bins == null) {
                continue;
            }
            if (bins.length != config.mels() || bins[0].length == 0) {
                throw new IllegalArgumentException("The log-mel of clip " + c + " of the batch has " + bins.length
                        + " bins, this model reads " + config.mels() + ".");
            }
            int frames = bins[0].length;
            float[] flat = new float[bins.length * frames];
            for (int bin = 0; bin < bins.length; bin++) {
                System.arraycopy(bins[bin], 0, flat, bin * frames, frames);
            }
            MelWindow.place(flat, bins.length, frames, energies, c * config.mels() * window, window, 0);
        }
        return energies;
    }

    private NDArray video(NDManager scope, int batch, float[] pixels, Units units) {
        Network.Config config = model.config().network();
        int size = config.vision().image();
        NDArray features = model.network()
                .visionFeatures(scope, scope.create(pixels, new Shape((long) batch * config.frames(), 3, size, size)));
        float[] logits = model.heads().units(scope, features).toFloatArray();
        int perClip = config.frames() * Heads.UNIT_OUTPUTS;
        for (int c = 0; c < batch; c++) {
            units.logits().add(Arrays.copyOfRange(logits, c * perClip, (c + 1) * perClip));
        }
        return model.network().videoTokens(scope, features, model.branches(scope, batch));
    }

    private NDArray audio(NDManager scope, int batch, float[] energies) {
        AudioTower.Config config = model.config().network().audio();
        NDArray mel = scope.create(energies, new Shape(batch, config.mels(), 2L * config.positions()));
        return model.network().audioTokens(scope, model.network().audioFeatures(scope, mel));
    }

    /** Everything about a clip but its explanation. */
    private record Reading(
            Emotion emotion,
            Map<Emotion, Float> probabilities,
            ModalityImportance importance,
            List<ActionUnitIntensity> units,
            boolean face,
            boolean voice,
            String missing) {
        Analysis analysis(Explanation explanation) {
            return new Analysis(emotion, probabilities, importance, units, explanation, missing);
        }

        Modality first() {
            return switch (importance.dominant()) {
                case VISUAL -> Modality.VISUAL;
                case AUDIO -> Modality.AUDIO;
                case BALANCED -> null;
            };
        }
    }

    private List<Reading> readings(NDManager scope, List<ClipInput> clips, NDArray video, NDArray audio, Units units) {
        List<Evidence> evidence =
                evidence(scope, clips, video, audio, units, model.config().temperature());
        List<Reading> readings = new ArrayList<>();
        for (int c = 0; c < clips.size(); c++) {
            readings.add(reading(clips.get(c), units.logits().get(c), evidence.get(c)));
        }
        return readings;
    }

    /**
     * What the heads know of a clip.
     *
     * @param v {@code [4][labels]} log-probabilities given neither, face, voice, both
     * @param face a face is seen
     * @param voice somebody speaks
     */
    public record Evidence(double[][] v, boolean face, boolean voice) {
        /** The row to go by: both where both are there. */
        public double[] best() {
            return v[face && voice ? 3 : face ? 1 : voice ? 2 : 0];
        }
    }

    /** The evidence of clips at another temperature, without explanations; for calibration. */
    public List<Evidence> evidence(List<ClipInput> clips, double temperature) {
        Kernels.recordGradients(false);
        try (NDManager scope = model.manager().newSubManager()) {
            Units units = Units.empty();
            NDArray video = video(scope, clips.size(), pixels(clips), units);
            NDArray audio = audio(scope, clips.size(), energies(clips));
            return evidence(scope, clips, video, audio, units, temperature);
        }
    }

    private List<Evidence> evidence(
            NDManager scope, List<ClipInput> clips, NDArray video, NDArray audio, Units units, double temperature) {
        Heads heads = model.heads();
        int labels = model.config().labels().size();
        double[] none = logProbabilities(heads.prior().toFloatArray(), 0, labels, 1);
        float[] visual = heads.visual(scope, video).toFloatArray();
        float[] sound = heads.audio(scope, audio).toFloatArray();
        float[] both = heads.both(scope, video, audio).toFloatArray();
        List<Evidence> evidence = new ArrayList<>();
        for (int c = 0; c < clips.size(); c++) {
            double[][] v = {
                none,
                logProbabilities(visual, c, labels, temperature),
                logProbabilities(sound, c, labels, temperature),
                logProbabilities(both, c, labels, temperature)
            };
            ClipInput clip = clips.get(c);
            boolean face = !clip.frames().isEmpty() && faceShare(units.logits().get(c)) >= 0.5;
            evidence.add(new Evidence(v, face, clip.logMel() != null && clip.voiceActive()));
        }
        return evidence;
    }

    private Reading reading(ClipInput clip, float[] unitLogits, Evidence evidence) {
        boolean pictures = !clip.frames().isEmpty();
        boolean face = evidence.face();
        boolean voice = evidence.voice();
        double[][] v = evidence.v();
        double[] logProbabilities = evidence.best();
        List<Emotion> labels = model.config().labels();
        int best = 0;
        Map<Emotion, Float> probabilities = new LinkedHashMap<>();
        for (int y = 0; y < labels.size(); y++) {
            best = logProbabilities[y] > logProbabilities[best] ? y : best;
            probabilities.put(labels.get(y), (float) Math.exp(logProbabilities[y]));
        }
        ModalityImportance importance = model.config()
                .importance()
                .decide(
                        (float) v[0][best],
                        (float) v[1][best],
                        (float) v[2][best],
                        (float) v[3][best],
                        face,
                        voice,
                        ModalityImportance.Estimator.EVIDENCE_HEADS,
                        true);
        return new Reading(
                labels.get(best),
                probabilities,
                importance,
                face ? units(unitLogits) : List.of(),
                face,
                voice,
                missing(clip, pictures, face, voice));
    }

    private static String missing(ClipInput clip, boolean pictures, boolean face, boolean voice) {
        List<String> reasons = new ArrayList<>();
        if (!face) {
            reasons.add(pictures ? "no face is seen in the pictures" : "there are no pictures");
        }
        if (!voice) {
            reasons.add(clip.logMel() == null ? "there is no sound" : "nobody speaks");
        }
        return reasons.isEmpty() ? null : String.join("; ", reasons);
    }

    private static double faceShare(float[] logits) {
        double sum = 0;
        int frames = logits.length / Heads.UNIT_OUTPUTS;
        for (int f = 0; f < frames; f++) {
            sum += sigmoid(logits[(f + 1) * Heads.UNIT_OUTPUTS - 1]) / frames;
        }
        return sum;
    }

    private static List<ActionUnitIntensity> units(float[] logits) {
        List<ActionUnitIntensity> units = new ArrayList<>();
        for (int i = 0; i < Heads.ACTION_UNITS.size(); i++) {
            float peak = 0;
            for (int at = i; at < logits.length; at += Heads.UNIT_OUTPUTS) {
                peak = Math.max(peak, (float) sigmoid(logits[at]));
            }
            if (peak >= SHOWN) {
                units.add(new ActionUnitIntensity(Heads.ACTION_UNITS.get(i), peak));
            }
        }
        units.sort(Comparator.comparing(unit -> -unit.intensity()));
        return units;
    }

    private static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    private static double[] logProbabilities(float[] logits, int row, int labels, double temperature) {
        double[] scaled = new double[labels];
        double highest = Double.NEGATIVE_INFINITY;
        for (int y = 0; y < labels; y++) {
            scaled[y] = logits[row * labels + y] / temperature;
            highest = Math.max(highest, scaled[y]);
        }
        double sum = 0;
        for (double value : scaled) {
            sum += Math.exp(value - highest);
        }
        double normaliser = highest + Math.log(sum);
        for (int y = 0; y < labels; y++) {
            scaled[y] -= normaliser;
        }
        return scaled;
    }

    private List<Explanation> explain(
            NDManager scope, List<ClipInput> clips, List<Reading> readings, NDArray video, NDArray audio) {
        List<long[]> rows = new ArrayList<>();
        List<GrammarConstraint> constraints = new ArrayList<>();
        long[] sequences = new long[clips.size()];
        for (int c = 0; c < clips.size(); c++) {
            Reading reading = readings.get(c);
            // what cannot count is not shown to the decoder either, or it would describe it
            rows.add(model.prompt().ids(reading.face(), reading.voice()));
            constraints.add(new GrammarConstraint(
                    tokens, free ? null : reading.first(), model.config().blockLimit()));
            sequences[c] = c;
        }
        Splice splice = splice(rows);
        NDArray prompts = model.network().embed(scope, splice, video, audio);
        List<Generated> texts =
                generator.generate(prompts, splice.attentionOrNull(), constraints, sequences, LIMIT, sampling);
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

    private Splice splice(List<long[]> rows) {
        Network.Config config = model.config().network();
        return Splice.of(rows, null, config.videoTokens(), config.audioTokens(), true);
    }

    /**
     * The dear estimate of v(S): the decoder's own log-probability of each label as an immediate answer, with the
     * tokens of absent modalities left out of the prompt; what audits the evidence heads.
     *
     * @return {@code [4][labels]} log-probabilities: neither, face, voice, both
     */
    public double[][] maskedPrefills(ClipInput clip) {
        Kernels.recordGradients(false);
        try (NDManager scope = model.manager().newSubManager()) {
            NDArray one = video(scope, 1, pixels(List.of(clip)), Units.empty());
            NDArray sound = audio(scope, 1, energies(List.of(clip)));
            NDArray video = one.repeat(0, 4);
            NDArray audio = sound.repeat(0, 4);
            List<long[]> rows = new ArrayList<>();
            for (int s = 0; s < 4; s++) {
                long[] prompt =
                        model.prompt().ids(s % 2 == 1 && !clip.frames().isEmpty(), s >= 2 && clip.logMel() != null);
                long[] row = Arrays.copyOf(prompt, prompt.length + 1);
                row[prompt.length] = model.tokenizer().id("<answer>");
                rows.add(row);
            }
            Splice splice = splice(rows);
            NDArray logits =
                    model.network().logits(scope, splice, model.network().embed(scope, splice, video, audio));
            float[] last = logits.get(":, -1").toFloatArray();
            int vocabulary = last.length / 4;
            List<Emotion> labels = model.config().labels();
            float[] answers = new float[4 * labels.size()];
            for (int i = 0; i < answers.length; i++) {
                int id = model.tokenizer().id(labels.get(i % labels.size()).word());
                answers[i] = last[i / labels.size() * vocabulary + id];
            }
            double[][] v = new double[4][];
            for (int s = 0; s < 4; s++) {
                v[s] = logProbabilities(answers, s, labels.size(), 1);
            }
            return v;
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
