package io.migr.trainer.base;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.corpus.ClipTruth;
import io.migr.features.LogMel;
import io.migr.model.AudioTower;
import io.migr.model.Heads;
import io.migr.model.MelWindow;
import io.migr.model.engine.Kernels;
import io.migr.model.engine.Weights;
import io.migr.model.engine.Weights.Declaration;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Trains the audio tower to predict prosody (squared error of the eight deviations from the speaker's neutral, only on
 * clips with speech) and the kind of non-verbal sound (cross-entropy).
 */
final class AudioStage implements Stage {
    private static final int CLIPS = 32;
    private static final int VALIDATION_CLIPS = 480;

    private final AudioTower.Config config;
    private final Examples examples;

    AudioStage(AudioTower.Config config, Examples examples) {
        this.config = config;
        this.examples = examples;
    }

    @Override
    public String name() {
        return "audio";
    }

    @Override
    public Map<String, Declaration> manifest() {
        Map<String, Declaration> all = new LinkedHashMap<>(AudioTower.manifest(config));
        all.putAll(Heads.prosodyManifest(config));
        return all;
    }

    @Override
    public Predicate<String> trainable() {
        return name -> true;
    }

    @Override
    public Bound bind(Weights weights, Kernels kernels) {
        AudioTower tower = new AudioTower(config, weights, kernels);
        Heads heads = new Heads(weights, kernels);
        int dimensions = Heads.PROSODY_DIMENSIONS;
        return new Bound() {
            @Override
            public Loss loss(NDManager scope, SplittableRandom random) throws IOException {
                Sounds sounds = new Sounds(CLIPS);
                for (int c = 0; c < CLIPS; c++) {
                    sounds.add(examples.training(), random.nextInt(examples.count()), random);
                }
                NDArray out = heads.prosody(scope, tower.features(scope, sounds.energies(scope)));
                NDArray read = out.get(":, :" + dimensions);
                NDArray kinds = out.get(":, " + dimensions + ":");
                Map<String, NDArray> parts = new LinkedHashMap<>();
                parts.put(
                        "prosody",
                        kernels.one(scope, "squared_error", read, sounds.deviations(scope), sounds.speaks(scope)));
                parts.put("sound", kernels.one(scope, "cross_entropy", kinds, sounds.kinds(scope)));
                return Loss.of(kernels, scope, parts);
            }

            @Override
            public Map<String, Double> validate(NDManager scope) throws IOException {
                double error = 0;
                double weight = 0;
                double right = 0;
                int looked = examples.validationClips(VALIDATION_CLIPS, CLIPS);
                for (int from = 0; from < looked; from += CLIPS) {
                    Sounds sounds = new Sounds(CLIPS);
                    for (int clip = from; clip < from + CLIPS; clip++) {
                        sounds.add(examples.validation(), clip, null);
                    }
                    try (NDManager step = scope.newSubManager()) {
                        float[] out = heads.prosody(step, tower.features(step, sounds.energies(step)))
                                .toFloatArray();
                        int width = dimensions + Heads.SOUND_KINDS;
                        for (int c = 0; c < CLIPS; c++) {
                            for (int i = 0; i < dimensions; i++) {
                                double d = out[c * width + i] - sounds.deviations[c * dimensions + i];
                                error += d * d * sounds.speaks[c * dimensions + i];
                                weight += sounds.speaks[c * dimensions + i];
                            }
                            int best = 0;
                            for (int k = 1; k < Heads.SOUND_KINDS; k++) {
                                best = out[c * width + dimensions + k] > out[c * width + dimensions + best] ? k : best;
                            }
                            right += best == sounds.kinds[c] ? 1 : 0;
                        }
                    }
                }
                return Map.of("prosody_minus_mse", -error / weight, "sound_accuracy", right / looked);
            }
        };
    }

    /** A batch of sounds and what is true of them. */
    private final class Sounds {
        private static final int D = Heads.PROSODY_DIMENSIONS;
        private final float[] energies;
        private final float[] deviations;
        private final float[] speaks;
        private final long[] kinds;
        private int filled;

        Sounds(int batch) {
            energies = new float[batch * config.mels() * 2 * config.positions()];
            deviations = new float[batch * D];
            speaks = new float[batch * D];
            kinds = new long[batch];
        }

        /** Adds a clip's sound; {@code random} moves it within the window and changes its gain, null does not. */
        void add(ClipLibrary library, int clip, SplittableRandom random) throws IOException {
            ClipTruth truth = library.truth(clip);
            double[] exact = truth.voiceDeviations();
            for (int i = 0; exact != null && i < D; i++) {
                deviations[filled * D + i] = (float) exact[i];
                speaks[filled * D + i] = 1;
            }
            kinds[filled] = truth.soundKind();
            int window = 2 * config.positions();
            int free = window - ExampleStore.MEL_FRAMES;
            int shift = random == null ? 0 : random.nextInt(free + 1);
            float[] energy = library.logMel(clip);
            MelWindow.place(
                    energy,
                    LogMel.BINS,
                    ExampleStore.MEL_FRAMES,
                    energies,
                    filled * LogMel.BINS * window,
                    window,
                    shift);
            filled++;
        }

        NDArray energies(NDManager scope) {
            return scope.create(energies, new Shape(filled, config.mels(), 2L * config.positions()));
        }

        NDArray deviations(NDManager scope) {
            return scope.create(deviations, new Shape(filled, D));
        }

        NDArray speaks(NDManager scope) {
            return scope.create(speaks, new Shape(filled, D));
        }

        NDArray kinds(NDManager scope) {
            return scope.create(kinds, new Shape(filled));
        }
    }
}
