package io.migr.lab.base;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.corpus.CueAnnotation;
import io.migr.engine.Kernels;
import io.migr.engine.Losses;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.model.network.AudioTower;
import io.migr.model.network.Heads;
import io.migr.trainer.sft.ClipLibrary;
import io.migr.trainer.sft.SoundShift;
import io.migr.trainer.sft.StageExamples;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Trains the audio tower to predict prosody (squared error of the eight deviations from the speaker's neutral voice, in
 * clips with speech) and the kind of non-verbal sound (cross-entropy).
 */
final class AudioStage extends TowerStage<AudioStage.Sounds> {
    private static final int CLIPS = 32;
    private static final int DIMENSIONS = Heads.PROSODY_DIMENSIONS;

    private final AudioTower.Config config;

    AudioStage(AudioTower.Config config, StageExamples examples) {
        super("audio", CLIPS, examples);
        this.config = config;
    }

    @Override
    public Map<String, Declaration> manifest() {
        Map<String, Declaration> all = new LinkedHashMap<>(AudioTower.manifest(config));
        all.putAll(Heads.prosodyManifest(config));
        return all;
    }

    @Override
    Sounds randomBatch(ClipLibrary library, int count, SplittableRandom random) throws IOException {
        Sounds sounds = new Sounds(CLIPS);
        for (int c = 0; c < CLIPS; c++) {
            sounds.add(library, random.nextInt(count), random);
        }
        return sounds;
    }

    @Override
    Sounds batchFrom(ClipLibrary library, int from) throws IOException {
        Sounds sounds = new Sounds(CLIPS);
        for (int clip = from; clip < from + CLIPS; clip++) {
            sounds.add(library, clip, null);
        }
        return sounds;
    }

    @Override
    Reader<Sounds> reader(Weights weights, Kernels kernels) {
        AudioTower tower = new AudioTower(config, weights, kernels);
        Heads heads = new Heads(weights, kernels);
        return new Reader<>() {
            @Override
            public Map<String, NDArray> losses(NDManager scope, Sounds sounds) {
                NDArray out = heads.prosody(scope, tower.features(scope, sounds.energies(scope)));
                NDArray predicted = out.get(":, :" + DIMENSIONS);
                NDArray kinds = out.get(":, " + DIMENSIONS + ":");
                Map<String, NDArray> parts = new LinkedHashMap<>();
                parts.put(
                        "prosody",
                        Losses.squaredError(kernels, scope, predicted, sounds.deviations(scope), sounds.speech(scope)));
                parts.put("sound", Losses.crossEntropy(kernels, scope, kinds, sounds.kinds(scope)));
                return parts;
            }

            @Override
            public Scores<Sounds> scores() {
                return new ProsodyScores(tower, heads);
            }
        };
    }

    /** Squared error of the deviations and accuracy of the kind of sound. */
    private static final class ProsodyScores implements Scores<Sounds> {
        private final AudioTower tower;
        private final Heads heads;
        private double error;
        private double weight;
        private double correct;

        ProsodyScores(AudioTower tower, Heads heads) {
            this.tower = tower;
            this.heads = heads;
        }

        @Override
        public void add(NDManager scope, Sounds sounds) {
            float[] out = heads.prosody(scope, tower.features(scope, sounds.energies(scope)))
                    .toFloatArray();
            int width = DIMENSIONS + Heads.SOUND_KINDS;
            for (int c = 0; c < CLIPS; c++) {
                for (int i = 0; i < DIMENSIONS; i++) {
                    double d = out[c * width + i] - sounds.deviations[c * DIMENSIONS + i];
                    error += d * d * sounds.speech[c * DIMENSIONS + i];
                    weight += sounds.speech[c * DIMENSIONS + i];
                }
                int best = 0;
                for (int k = 1; k < Heads.SOUND_KINDS; k++) {
                    best = out[c * width + DIMENSIONS + k] > out[c * width + DIMENSIONS + best] ? k : best;
                }
                correct += best == sounds.kinds[c] ? 1 : 0;
            }
        }

        @Override
        public Map<String, Double> values(int clips) {
            return Map.of("prosody_minus_mse", -error / weight, "sound_accuracy", correct / clips);
        }
    }

    /** A batch of log-mel spectrograms and targets; {@code speech} is 1 for clips with speech, else 0. */
    final class Sounds {
        private final float[] energies;
        private final float[] deviations;
        private final float[] speech;
        private final long[] kinds;
        private int filled;

        Sounds(int batch) {
            energies = new float[batch * config.mels() * 2 * config.positions()];
            deviations = new float[batch * DIMENSIONS];
            speech = new float[batch * DIMENSIONS];
            kinds = new long[batch];
        }

        /** Adds a clip's sound, at a random place within the window unless {@code random} is null. */
        void add(ClipLibrary library, int clip, SplittableRandom random) throws IOException {
            CueAnnotation annotation = library.annotation(clip);
            double[] exact = annotation.voiceDeviations();
            for (int i = 0; exact != null && i < DIMENSIONS; i++) {
                deviations[filled * DIMENSIONS + i] = (float) exact[i];
                speech[filled * DIMENSIONS + i] = 1;
            }
            kinds[filled] = annotation.soundKind();
            SoundShift.place(library, clip, 2 * config.positions(), energies, filled, random);
            filled++;
        }

        NDArray energies(NDManager scope) {
            return scope.create(energies, new Shape(filled, config.mels(), 2L * config.positions()));
        }

        NDArray deviations(NDManager scope) {
            return scope.create(deviations, new Shape(filled, DIMENSIONS));
        }

        NDArray speech(NDManager scope) {
            return scope.create(speech, new Shape(filled, DIMENSIONS));
        }

        NDArray kinds(NDManager scope) {
            return scope.create(kinds, new Shape(filled));
        }
    }
}
