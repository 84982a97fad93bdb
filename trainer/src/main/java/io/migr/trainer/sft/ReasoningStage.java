package io.migr.trainer.sft;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.migr.corpus.CueAnnotation;
import io.migr.corpus.RenderedClip;
import io.migr.corpus.people.PeoplePosterior;
import io.migr.corpus.text.ExplanationWriter;
import io.migr.engine.Kernels;
import io.migr.engine.Losses;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.model.Emotion;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.explain.Prompt;
import io.migr.model.explain.Tokenizer;
import io.migr.model.network.Heads;
import io.migr.model.network.Network;
import io.migr.model.network.TokenSplice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Trains projectors, evidence heads and decoder on explanations; the towers are frozen:
 *
 * <pre>
 * loss = mean CE of the explanation's tokens + CE(y | face) + CE(y | voice) + CE(y | both) + CE(y)
 * </pre>
 *
 * An evidence term covers only clips in which its modalities are present. Its target is the label, or p(y | what was
 * measured) where that is known. A missing modality is left out of the prompt
 * in half of the clips that lack it, as the service does when a track is missing. Of measured clips, the evidence terms
 * are over many more clips than the texts are. In one example of six, the text is
 * only the answer and the prompt has a random subset of the modalities: this is the form that masked prefills score.
 */
public final class ReasoningStage implements TrainingStage {
    private static final int CLIPS = 16;
    /** Clips for the evidence heads alone where clips are measured: there, they cost little beside the decoder's. */
    private static final int EVIDENCE_CLIPS = 128;

    private static final int DIRECT = 6;
    private static final int VALIDATION_CLIPS = 480;

    private final EmotionModelConfig config;
    private final ExplanationWriter writer;
    private final Tokenizer tokenizer;
    private final StageExamples examples;
    private final Prompt prompt;

    /** A stage over examples; {@code writer} writes the texts. */
    public ReasoningStage(
            EmotionModelConfig config, ExplanationWriter writer, Tokenizer tokenizer, StageExamples examples) {
        this.config = config;
        this.writer = writer;
        this.tokenizer = tokenizer;
        this.examples = examples;
        prompt = new Prompt(tokenizer, config.prompt());
    }

    @Override
    public String name() {
        return "reasoning";
    }

    @Override
    public Map<String, Declaration> manifest() {
        return config.manifest();
    }

    @Override
    public Predicate<String> trainable() {
        return name -> !name.startsWith("model.vision_tower.")
                && !name.startsWith("model.audio_tower.")
                && !name.startsWith("model.bert_model.")
                && !name.startsWith("heads.action_units.")
                && !name.startsWith("heads.prosody.");
    }

    @Override
    public Bound bind(Weights weights, Kernels kernels) {
        Network network = new Network(config.network(), weights, kernels);
        Heads heads = new Heads(weights, kernels);
        return new Bound() {
            @Override
            public Loss loss(NDManager scope, SplittableRandom random) throws IOException {
                Clips clips = new Clips(CLIPS);
                for (int c = 0; c < CLIPS; c++) {
                    clips.add(examples.training(), random.nextInt(examples.count()), random);
                    if (!isTold()) {
                        clips.write(c, null, random);
                    }
                }
                Map<String, NDArray> parts = new LinkedHashMap<>();
                NDArray[] tokens = tokens(scope, clips);
                write(scope, clips, tokens, random);
                NDArray explanation =
                        network.loss(scope, clips.splice(), network.embed(scope, clips.splice(), tokens[0], tokens[1]));
                parts.put("explanation", explanation);
                if (config.network().readsCues()) {
                    clips = new Clips(EVIDENCE_CLIPS);
                    for (int c = 0; c < EVIDENCE_CLIPS; c++) {
                        clips.add(examples.training(), random.nextInt(examples.count()), random);
                    }
                    tokens = tokens(scope, clips);
                }
                parts.put("evidence_visual", evidence(scope, heads.visual(scope, tokens[0]), clips.byFace));
                parts.put("evidence_audio", evidence(scope, heads.audio(scope, tokens[1]), clips.byVoice));
                parts.put("evidence_both", evidence(scope, heads.both(scope, tokens[0], tokens[1]), clips.byBoth));
                NDArray prior = heads.prior().expandDims(0).repeat(0, clips.filled);
                parts.put("evidence_prior", evidence(scope, prior, clips.byNeither));
                return Loss.of(kernels, scope, parts);
            }

            /** Writes the texts if they depend on what the heads favour. */
            private void write(NDManager scope, Clips clips, NDArray[] tokens, SplittableRandom random) {
                if (!isTold()) {
                    return;
                }
                float[] visual = heads.visual(scope, tokens[0]).toFloatArray();
                float[] audio = heads.audio(scope, tokens[1]).toFloatArray();
                float[] both = heads.both(scope, tokens[0], tokens[1]).toFloatArray();
                for (int c = 0; c < clips.filled; c++) {
                    Favoured favoured = new Favoured(label(visual, c), label(audio, c), label(both, c));
                    clips.write(c, favoured, random);
                }
            }

            private Emotion label(float[] logits, int clip) {
                return config.labels().get(best(logits, clip));
            }

            private NDArray evidence(NDManager scope, NDArray logits, float[] probabilities) {
                return Losses.softCrossEntropy(kernels, scope, logits, scope.create(probabilities, logits.getShape()));
            }

            private NDArray[] tokens(NDManager scope, Clips clips) {
                NDArray seen = network.visionFeatures(scope, clips.faceInput(scope));
                NDArray heard = network.audioFeatures(scope, clips.voiceInput(scope));
                NDArray instruction = EmotionModel.instruction(scope, tokenizer, config.instruction());
                NDArray branches =
                        network.branchWeights(scope, instruction, null).repeat(0, clips.filled);
                return new NDArray[] {network.videoTokens(scope, seen, branches), network.audioTokens(scope, heard)};
            }

            @Override
            public Map<String, Double> validate(NDManager scope) throws IOException {
                if (examples.validation() == null) {
                    return Map.of();
                }
                double right = 0;
                double face = 0;
                double faces = 0;
                double voice = 0;
                double voices = 0;
                double loss = 0;
                int count = examples.validationClips(VALIDATION_CLIPS, CLIPS);
                for (int from = 0; from < count; from += CLIPS) {
                    Clips clips = new Clips(CLIPS);
                    for (int clip = from; clip < from + CLIPS; clip++) {
                        clips.add(examples.validation(), clip, null);
                        if (!isTold()) {
                            clips.write(clip - from, null, null);
                        }
                    }
                    try (NDManager step = scope.newSubManager()) {
                        NDArray[] tokens = tokens(step, clips);
                        write(step, clips, tokens, null);
                        float[] visual = heads.visual(step, tokens[0]).toFloatArray();
                        float[] audio = heads.audio(step, tokens[1]).toFloatArray();
                        float[] both = heads.both(step, tokens[0], tokens[1]).toFloatArray();
                        loss += network.loss(
                                        step, clips.splice(), network.embed(step, clips.splice(), tokens[0], tokens[1]))
                                .getFloat();
                        for (int c = 0; c < CLIPS; c++) {
                            boolean sees = clips.faces[c];
                            boolean hears = clips.voices[c];
                            faces += sees ? 1 : 0;
                            voices += hears ? 1 : 0;
                            face += sees && best(visual, c) == clips.labels[c] ? 1 : 0;
                            voice += hears && best(audio, c) == clips.labels[c] ? 1 : 0;
                            float[] read = sees && hears ? both : sees ? visual : audio;
                            right += best(read, c) == clips.labels[c] ? 1 : 0;
                        }
                    }
                }
                Map<String, Double> measured = new LinkedHashMap<>();
                measured.put("accuracy", right / count);
                measured.put("face_accuracy", face / faces);
                measured.put("voice_accuracy", voice / voices);
                measured.put("explanation_minus_loss", -loss * CLIPS / count);
                return measured;
            }
        };
    }

    /** The emotions that the heads favour in a clip. */
    private record Favoured(Emotion byFace, Emotion byVoice, Emotion byBoth) {}

    /** Whether the decoder is told what the heads favour. */
    private boolean isTold() {
        return config.network().readsCues() && config.network().cues().evidenceLabels() > 0;
    }

    private int best(float[] logits, int row) {
        int labels = config.labels().size();
        int best = 0;
        for (int y = 1; y < labels; y++) {
            best = logits[row * labels + y] > logits[row * labels + best] ? y : best;
        }
        return best;
    }

    /** A batch of clips and their texts. */
    private final class Clips {
        private final float[] seen;
        private final float[] heard;
        /** Index of each clip's label. */
        private final int[] labels;
        /** {@code [batch,labels]} targets of the evidence heads; 0 where their modalities are missing. */
        private final float[] byNeither;

        private final float[] byFace;
        private final float[] byVoice;
        private final float[] byBoth;
        private final boolean[] faces;
        private final boolean[] voices;
        private final List<CueAnnotation> annotations = new ArrayList<>();
        private final List<long[]> rows = new ArrayList<>();
        private final List<long[]> targets = new ArrayList<>();
        private int filled;
        private TokenSplice splice;

        Clips(int batch) {
            seen = new float[Math.toIntExact(config.network().faceInput(batch).size())];
            heard = new float[Math.toIntExact(config.network().voiceInput(batch).size())];
            labels = new int[batch];
            byNeither = new float[batch * config.labels().size()];
            byFace = new float[byNeither.length];
            byVoice = new float[byNeither.length];
            byBoth = new float[byNeither.length];
            faces = new boolean[batch];
            voices = new boolean[batch];
        }

        /**
         * Adds a clip.
         *
         * @param random draws augmentation; null: none
         */
        void add(ClipLibrary library, int clip, SplittableRandom random) throws IOException {
            CueAnnotation annotation = library.annotation(clip);
            labels[filled] = config.labels().indexOf(annotation.label());
            faces[filled] = annotation.hasFace();
            voices[filled] = annotation.hasVoice();
            PeoplePosterior posterior = null;
            if (annotation instanceof CueAnnotation.Reported reported) {
                place(reported.reading().face(), seen);
                place(reported.reading().voice(), heard);
                posterior = reported.posterior();
            } else {
                media(library, clip, random);
            }
            target(byNeither, true, posterior == null ? null : posterior.none());
            target(byFace, faces[filled], posterior == null ? null : posterior.face());
            target(byVoice, voices[filled], posterior == null ? null : posterior.voice());
            target(byBoth, faces[filled] && voices[filled], posterior == null ? null : posterior.both());
            annotations.add(annotation);
            filled++;
        }

        /**
         * Writes the text of a clip. If the decoder is told what the heads favour, the text of a clip in cue space
         * concludes that: so it explains what is predicted, also where two emotions are almost equally probable.
         *
         * @param favoured null: the decoder is not told
         * @param random draws prompt and wording; null: always a full explanation, and wording that depends only on the
         *     clip
         */
        void write(int clip, Favoured favoured, SplittableRandom random) {
            CueAnnotation annotation = annotations.get(clip);
            boolean inCueSpace = annotation instanceof CueAnnotation.Reported reported && reported.posterior() != null;
            text(
                    clip,
                    favoured == null || !inCueSpace
                            ? annotation
                            : ((CueAnnotation.Reported) annotation)
                                    .concluding(favoured.byFace(), favoured.byVoice(), favoured.byBoth()),
                    random);
        }

        private void place(float[] rows, float[] batch) {
            System.arraycopy(rows, 0, batch, filled * rows.length, rows.length);
        }

        /** Sets a head's target; {@code logs} null: the label. */
        private void target(float[] batch, boolean present, double[] logs) {
            for (int y = 0; present && y < config.labels().size(); y++) {
                batch[filled * config.labels().size() + y] = logs == null
                        ? y == labels[filled] ? 1 : 0
                        : (float) PeoplePosterior.probability(
                                logs, config.labels().get(y));
            }
        }

        private void media(ClipLibrary library, int clip, SplittableRandom random) throws IOException {
            PictureAugmentation augmentation =
                    random == null ? PictureAugmentation.NONE : PictureAugmentation.draw(random);
            int size = config.network().vision().image();
            for (int f = 0; f < RenderedClip.FRAMES; f++) {
                int at = (filled * RenderedClip.FRAMES + f) * 3 * size * size;
                augmentation.apply(library.picture(clip, f), size, seen, at);
            }
            int window = 2 * config.network().audio().positions();
            SoundShift.place(library, clip, window, heard, filled, random);
        }

        private void text(int clip, CueAnnotation annotation, SplittableRandom random) {
            SplittableRandom words = random == null ? new SplittableRandom(annotation.seed()) : random;
            boolean direct = random != null && random.nextInt(DIRECT) == 0;
            boolean video = faces[clip] || words.nextBoolean();
            boolean audio = voices[clip] || words.nextBoolean();
            String text = writer.write(annotation, words);
            if (direct) {
                video = words.nextBoolean();
                audio = words.nextBoolean();
            }
            if (isTold()) { // a missing modality is not in the prompt of the service, and the heads say nothing of it
                video &= faces[clip];
                audio &= voices[clip];
            }
            if (direct) {
                text = text.substring(text.indexOf("<answer>"));
            }
            long[] promptIds = prompt.ids(video, audio);
            long[] textIds = tokenizer.encode(text);
            long[] row = Arrays.copyOf(promptIds, promptIds.length + textIds.length + 1);
            System.arraycopy(textIds, 0, row, promptIds.length, textIds.length);
            row[row.length - 1] = tokenizer.id(Tokenizer.END);
            long[] target = row.clone();
            Arrays.fill(target, 0, promptIds.length, TokenSplice.IGNORED);
            rows.add(row);
            targets.add(target);
        }

        TokenSplice splice() {
            if (splice == null) {
                Network.Config network = config.network();
                splice = TokenSplice.of(rows, targets, network.videoTokens(), network.audioTokens(), false);
            }
            return splice;
        }

        NDArray faceInput(NDManager scope) {
            return scope.create(seen, config.network().faceInput(filled));
        }

        NDArray voiceInput(NDManager scope) {
            return scope.create(heard, config.network().voiceInput(filled));
        }
    }
}
