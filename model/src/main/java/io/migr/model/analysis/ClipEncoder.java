package io.migr.model.analysis;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.migr.model.ClipInput;
import io.migr.model.CueReading;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.checkpoint.EmotionModelConfig;
import io.migr.model.network.AudioTower;
import io.migr.model.network.FramePreprocessor;
import io.migr.model.network.Heads;
import io.migr.model.network.MelWindow;
import io.migr.model.network.Network;
import io.migr.model.network.PictureFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns clips into input tokens of the decoder by preprocessing, towers and projectors, and reads the vision head; for a
 * model of cues, by the cue encoder alone.
 */
final class ClipEncoder {
    private final EmotionModel model;
    private final boolean readsCues;
    private final FramePreprocessor preprocessor;

    ClipEncoder(EmotionModel model) {
        this.model = model;
        EmotionModelConfig config = model.config();
        readsCues = config.network().readsCues();
        preprocessor = readsCues
                ? null
                : new FramePreprocessor(config.network().vision().image(), config.padToSquare());
    }

    /**
     * A batch as the network reads it, see {@link Network.Config#faceInput} and {@link Network.Config#voiceInput}.
     *
     * @param seen pixels, or rows of cues
     * @param heard log-mel energies, or rows of cues
     */
    record Prepared(int clips, float[] seen, float[] heard) {}

    /**
     * A batch as the decoder reads it.
     *
     * @param video {@code [clips,videoTokens,hidden]}
     * @param audio {@code [clips,audioTokens,hidden]}
     * @param units per clip, logits of all pictures' action units and faces; empty for a model of cues
     */
    record Encoded(NDArray video, NDArray audio, List<float[]> units) {}

    /**
     * Decodes and resizes the pictures, and fits the log-mel energies into the audio tower's window.
     *
     * @throws IllegalArgumentException if this model cannot read a clip; the message names its number in the batch and
     *     the reason
     */
    Prepared prepare(List<ClipInput> clips) {
        return readsCues
                ? new Prepared(clips.size(), rows(clips, true), rows(clips, false))
                : new Prepared(clips.size(), pixels(clips), energies(clips));
    }

    private float[] rows(List<ClipInput> clips, boolean ofFace) {
        Network.Config config = model.config().network();
        Shape shape = ofFace ? config.faceInput(clips.size()) : config.voiceInput(clips.size());
        float[] all = new float[Math.toIntExact(shape.size())];
        int each = all.length / Math.max(1, clips.size());
        for (int c = 0; c < clips.size(); c++) {
            CueReading cues = clips.get(c).cues();
            if (cues == null) {
                throw new IllegalArgumentException("Clip " + c + " of the batch has no measured cues, and the model "
                        + model.config().name() + " reads nothing else.");
            }
            float[] rows = ofFace ? cues.face() : cues.voice();
            if (rows.length != each) {
                throw new IllegalArgumentException("The cues of clip " + c + " of the batch are " + rows.length
                        + " numbers; the model " + model.config().name() + " reads " + each + ".");
            }
            System.arraycopy(rows, 0, all, c * each, each);
        }
        return all;
    }

    Encoded encode(NDManager scope, Prepared batch) {
        return encode(scope, batch, sound(scope, batch));
    }

    /** As {@link #encode(NDManager, Prepared)}, for a caller that has already computed {@link #sound}. */
    Encoded encode(NDManager scope, Prepared batch, NDArray sound) {
        List<float[]> units = new ArrayList<>();
        NDArray video = video(scope, batch, units);
        return new Encoded(video, model.network().audioTokens(scope, sound), units);
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
                // if the clip has fewer pictures than the model reads, some are used several times
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
            preprocessor.pixelValues(PictureFile.read(jpeg), pixels, at);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "A picture of clip " + clip + " of the batch (" + jpeg.length + " bytes) cannot be decoded: "
                            + e.getMessage() + ".",
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
            float[] flat = MelWindow.flat(bins, window);
            MelWindow.place(flat, bins.length, energies, c * config.mels() * window, window, 0);
        }
        return energies;
    }

    private NDArray video(NDManager scope, Prepared batch, List<float[]> units) {
        Network.Config config = model.config().network();
        NDArray seen = scope.create(batch.seen(), config.faceInput(batch.clips()));
        NDArray features = model.network().visionFeatures(scope, seen);
        NDArray branches = model.branches(scope, batch.clips());
        if (readsCues) {
            return model.network().videoTokens(scope, features, branches);
        }
        float[] logits = model.heads().units(scope, features).toFloatArray();
        int perClip = config.frames() * Heads.UNIT_OUTPUTS;
        for (int c = 0; c < batch.clips(); c++) {
            units.add(Arrays.copyOfRange(logits, c * perClip, (c + 1) * perClip));
        }
        return model.network().videoTokens(scope, features, branches);
    }

    /** The voice's features of a batch, see {@link Network.Config#voiceFeatures}. */
    NDArray sound(NDManager scope, Prepared batch) {
        Shape shape = model.config().network().voiceInput(batch.clips());
        return model.network().audioFeatures(scope, scope.create(batch.heard(), shape));
    }
}
