package io.migr.lab.base;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.corpus.Clip;
import io.migr.corpus.RenderedClip;
import io.migr.engine.Kernels;
import io.migr.engine.Losses;
import io.migr.engine.Weights;
import io.migr.engine.Weights.Declaration;
import io.migr.model.network.Heads;
import io.migr.model.network.VisionTower;
import io.migr.trainer.sft.ClipLibrary;
import io.migr.trainer.sft.PictureAugmentation;
import io.migr.trainer.sft.StageExamples;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Trains the vision tower to predict action units and the presence of a face from single pictures, by binary
 * cross-entropy against the true intensities (0..1). Pictures without a face do not contribute to the action unit loss.
 */
final class VisionStage extends TowerStage<VisionStage.Pictures> {
    private static final int CLIPS = 48;
    private static final int PER_CLIP = 2;
    /** The frame of each clip that is used for validation. */
    private static final int VALIDATED_FRAME = 4;

    private final VisionTower.Config config;

    VisionStage(VisionTower.Config config, StageExamples examples) {
        super("vision", CLIPS, examples);
        this.config = config;
    }

    @Override
    public Map<String, Declaration> manifest() {
        Map<String, Declaration> all = new LinkedHashMap<>(VisionTower.manifest(config));
        all.putAll(Heads.unitsManifest(config));
        return all;
    }

    @Override
    Pictures randomBatch(ClipLibrary library, int count, SplittableRandom random) throws IOException {
        Pictures pictures = new Pictures(CLIPS * PER_CLIP);
        for (int c = 0; c < CLIPS; c++) {
            int clip = random.nextInt(count);
            for (int f = 0; f < PER_CLIP; f++) {
                pictures.add(library, clip, random.nextInt(RenderedClip.FRAMES), random);
            }
        }
        return pictures;
    }

    @Override
    Pictures batchFrom(ClipLibrary library, int from) throws IOException {
        Pictures pictures = new Pictures(CLIPS);
        for (int clip = from; clip < from + CLIPS; clip++) {
            pictures.add(library, clip, VALIDATED_FRAME, null);
        }
        return pictures;
    }

    @Override
    Reader<Pictures> reader(Weights weights, Kernels kernels) {
        VisionTower tower = new VisionTower(config, weights, kernels);
        Heads heads = new Heads(weights, kernels);
        return new Reader<>() {
            @Override
            public Map<String, NDArray> losses(NDManager scope, Pictures pictures) {
                NDArray logits = heads.units(scope, tower.features(scope, pictures.pixels(scope)));
                NDArray loss = Losses.binaryCrossEntropy(
                        kernels, scope, logits, pictures.targets(scope), pictures.weights(scope));
                return Map.of("units", loss);
            }

            @Override
            public Scores<Pictures> scores() {
                return new UnitScores(tower, heads);
            }
        };
    }

    /** F1 of visible action units, and of the presence of a face. */
    private static final class UnitScores implements Scores<Pictures> {
        private final VisionTower tower;
        private final Heads heads;
        private final Agreement units = new Agreement();
        private final Agreement face = new Agreement();

        UnitScores(VisionTower tower, Heads heads) {
            this.tower = tower;
            this.heads = heads;
        }

        @Override
        public void add(NDManager scope, Pictures pictures) {
            float[] logits = heads.units(scope, tower.features(scope, pictures.pixels(scope)))
                    .toFloatArray();
            pictures.compare(logits, units, face);
        }

        @Override
        public Map<String, Double> values(int clips) {
            return Map.of("unit_f1", units.f1(), "face_f1", face.f1());
        }
    }

    /** True positives, false positives and false negatives of a binary prediction. */
    private static final class Agreement {
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

    /** A batch of single pictures and their targets. */
    final class Pictures {
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
            Clip truth = Clip.of(library.annotation(clip).seed());
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
            PictureAugmentation augmentation =
                    random == null ? PictureAugmentation.NONE : PictureAugmentation.draw(random);
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

        private void compare(float[] logits, Agreement units, Agreement face) {
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
}
