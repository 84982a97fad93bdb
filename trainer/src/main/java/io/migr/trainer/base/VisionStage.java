package io.migr.trainer.base;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.corpus.Clip;
import io.migr.corpus.RenderedClip;
import io.migr.model.FramePreprocessor;
import io.migr.model.Heads;
import io.migr.model.VisionTower;
import io.migr.model.engine.Kernels;
import io.migr.model.engine.Weights;
import io.migr.model.engine.Weights.Declaration;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Trains the vision tower to predict action units and the presence of a face from single pictures, by binary
 * cross-entropy against the true intensities (0..1). Pictures without a face do not contribute to the action unit loss.
 */
final class VisionStage implements Stage {
    private static final int CLIPS = 48;
    private static final int PER_CLIP = 2;
    private static final int VALIDATION_CLIPS = 480;

    private final VisionTower.Config config;
    private final Examples examples;

    VisionStage(VisionTower.Config config, Examples examples) {
        this.config = config;
        this.examples = examples;
    }

    @Override
    public String name() {
        return "vision";
    }

    @Override
    public Map<String, Declaration> manifest() {
        Map<String, Declaration> all = new LinkedHashMap<>(VisionTower.manifest(config));
        all.putAll(Heads.unitsManifest(config));
        return all;
    }

    @Override
    public Predicate<String> trainable() {
        return name -> true;
    }

    @Override
    public Bound bind(Weights weights, Kernels kernels) {
        VisionTower tower = new VisionTower(config, weights, kernels);
        Heads heads = new Heads(weights, kernels);
        return new Bound() {
            @Override
            public Loss loss(NDManager scope, SplittableRandom random) throws IOException {
                Pictures pictures = new Pictures(CLIPS * PER_CLIP);
                for (int c = 0; c < CLIPS; c++) {
                    int clip = random.nextInt(examples.count());
                    for (int f = 0; f < PER_CLIP; f++) {
                        pictures.add(examples.training(), clip, random.nextInt(RenderedClip.FRAMES), random);
                    }
                }
                NDArray logits = heads.units(scope, tower.features(scope, pictures.pixels(scope)));
                NDArray loss = kernels.one(
                        scope, "binary_cross_entropy", logits, pictures.targets(scope), pictures.weights(scope));
                return Loss.of(kernels, scope, Map.of("units", loss));
            }

            @Override
            public Map<String, Double> validate(NDManager scope) throws IOException {
                Agreement units = new Agreement();
                Agreement face = new Agreement();
                int looked = examples.validationClips(VALIDATION_CLIPS, CLIPS);
                for (int from = 0; from < looked; from += CLIPS) {
                    Pictures pictures = new Pictures(CLIPS);
                    for (int clip = from; clip < from + CLIPS; clip++) {
                        pictures.add(examples.validation(), clip, 4, null);
                    }
                    try (NDManager step = scope.newSubManager()) {
                        float[] logits = heads.units(step, tower.features(step, pictures.pixels(step)))
                                .toFloatArray();
                        pictures.compare(logits, units, face);
                    }
                }
                return Map.of("unit_f1", units.f1(), "face_f1", face.f1());
            }
        };
    }

    /** Counts of a yes-or-no question. */
    static final class Agreement {
        private int truePositives;
        private int falsePositives;
        private int falseNegatives;

        void add(boolean truth, boolean guess) {
            truePositives += truth && guess ? 1 : 0;
            falsePositives += !truth && guess ? 1 : 0;
            falseNegatives += truth && !guess ? 1 : 0;
        }

        double f1() {
            return 2.0 * truePositives / Math.max(1, 2 * truePositives + falsePositives + falseNegatives);
        }
    }

    /** A batch of single pictures and what is true of them. */
    private final class Pictures {
        private static final int OUTPUTS = Heads.UNIT_OUTPUTS;
        private final float[] pixels;
        private final float[] targets;
        private final float[] weights;
        private int filled;

        Pictures(int batch) {
            pixels = new float[batch * 3 * config.image() * config.image()];
            targets = new float[batch * OUTPUTS];
            weights = new float[batch * OUTPUTS];
        }

        /** Adds a picture, augmented at random unless {@code random} is null. */
        void add(ClipLibrary library, int clip, int frame, SplittableRandom random) throws IOException {
            Clip truth = Clip.of(library.truth(clip).seed());
            boolean face = truth.truth().units() != null;
            float[] units = RenderedClip.units(truth)[frame];
            int at = filled * OUTPUTS;
            for (int i = 0; i < units.length; i++) {
                targets[at + i] = units[i];
                weights[at + i] = face ? 1 : 0;
            }
            targets[at + OUTPUTS - 1] = face ? 1 : 0;
            weights[at + OUTPUTS - 1] = 1;
            int area = 3 * config.image() * config.image();
            Augmentation augmentation = random == null ? Augmentation.NONE : Augmentation.draw(random);
            augmentation.apply(library.picture(clip, frame), config.image(), pixels, filled * area);
            filled++;
        }

        NDArray pixels(NDManager scope) {
            return scope.create(pixels, new Shape(filled, 3, config.image(), config.image()));
        }

        NDArray targets(NDManager scope) {
            return scope.create(targets, new Shape(filled, OUTPUTS));
        }

        NDArray weights(NDManager scope) {
            return scope.create(weights, new Shape(filled, OUTPUTS));
        }

        void compare(float[] logits, Agreement units, Agreement face) {
            for (int i = 0; i < logits.length; i++) {
                boolean isFace = i % OUTPUTS == OUTPUTS - 1;
                if (weights[i] > 0) {
                    // a unit counts as visible from intensity 0.2 on
                    double level = isFace ? 0.5 : 0.2;
                    boolean guess = 1 / (1 + Math.exp(-logits[i])) > level;
                    (isFace ? face : units).add(targets[i] > level, guess);
                }
            }
        }
    }

    /** A change that leaves the meaning: light, contrast, a small shift, a mirror. */
    record Augmentation(boolean mirror, int dx, int dy, double gain, double offset) {
        static final Augmentation NONE = new Augmentation(false, 0, 0, 1, 0);

        static Augmentation draw(SplittableRandom random) {
            return new Augmentation(
                    random.nextBoolean(),
                    random.nextInt(9) - 4,
                    random.nextInt(9) - 4,
                    0.85 + 0.3 * random.nextDouble(),
                    20 * random.nextDouble() - 10);
        }

        void apply(byte[] picture, int size, float[] pixels, int at) {
            for (int channel = 0; channel < 3; channel++) {
                for (int y = 0; y < size; y++) {
                    int fromY = Math.max(0, Math.min(size - 1, y + dy));
                    for (int x = 0; x < size; x++) {
                        int fromX = Math.max(0, Math.min(size - 1, (mirror ? size - 1 - x : x) + dx));
                        int value = picture[(channel * size + fromY) * size + fromX] & 0xff;
                        int changed = (int) Math.max(0, Math.min(255, value * gain + offset));
                        pixels[at + (channel * size + y) * size + x] = FramePreprocessor.normalised(changed);
                    }
                }
            }
        }
    }
}
