package io.migr.trainer.feedback;

import io.migr.corpus.ClipTruth;
import io.migr.corpus.RenderedClip;
import io.migr.features.LogMel;
import io.migr.model.ClipInput;
import io.migr.model.ClipMeter;
import io.migr.model.ClipMeter.Measures;
import io.migr.model.EmotionModel;
import io.migr.model.FramePreprocessor;
import io.migr.trainer.base.ClipLibrary;
import io.migr.trainer.base.ExampleStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * Labelled clips as towers read them, each with what a model measures in it in the place of a truth: its action units, its
 * prosody, and which modality counts most for the label. A clip without a face and without a voice teaches nothing and is
 * left out. All clips are in memory, {@value #BYTES} bytes of sound and eight pictures each: a round's window bounds them.
 */
public final class FeedbackLibrary implements ClipLibrary {
    private static final int BATCH = 16;
    private static final int BYTES = 4 * 128 * 300;

    /** One clip. */
    private record Entry(ClipTruth truth, byte[][] pictures, float[] logMel) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<String> unusable = new ArrayList<>();

    /**
     * Measures clips.
     *
     * @param model whose heads measure; its pictures' size is that of the library
     * @throws IllegalArgumentException when a clip cannot be read or its label is not the model's; says which
     */
    public FeedbackLibrary(EmotionModel model, List<LabelledClip> clips) throws IOException {
        ClipMeter meter = new ClipMeter(model);
        for (int from = 0; from < clips.size(); from += BATCH) {
            List<LabelledClip> batch = clips.subList(from, Math.min(clips.size(), from + BATCH));
            List<Measures> measures = meter.measure(
                    batch.stream().map(LabelledClip::input).toList(),
                    batch.stream().map(LabelledClip::emotion).toList());
            for (int i = 0; i < batch.size(); i++) {
                add(model, batch.get(i), measures.get(i));
            }
        }
    }

    private void add(EmotionModel model, LabelledClip clip, Measures measures) throws IOException {
        if (measures.intensities() == null && measures.deviations() == null) {
            unusable.add(clip.id());
            return;
        }
        ClipTruth truth = ClipTruth.measured(
                clip.hash(),
                clip.emotion(),
                measures.intensities(),
                measures.deviations(),
                measures.soundKind(),
                measures.importance().dominant());
        entries.add(new Entry(truth, pictures(model, clip.input()), sound(clip.input())));
    }

    private static byte[][] pictures(EmotionModel model, ClipInput input) throws IOException {
        int size = model.config().network().vision().image();
        FramePreprocessor preprocessor =
                new FramePreprocessor(size, model.config().padToSquare());
        byte[][] pictures = new byte[RenderedClip.FRAMES][3 * size * size];
        List<byte[]> frames = input.frames();
        for (int f = 0; f < pictures.length && !frames.isEmpty(); f++) {
            byte[] jpeg = frames.get(f * frames.size() / pictures.length);
            int[] values = preprocessor.resized(ImageIO.read(new ByteArrayInputStream(jpeg)));
            for (int i = 0; i < values.length; i++) {
                pictures[f][i] = (byte) values[i];
            }
        }
        return pictures;
    }

    /** The first {@link ExampleStore#MEL_FRAMES} frames, then zeros, as the encoder pads. */
    private static float[] sound(ClipInput input) {
        float[] energies = new float[LogMel.BINS * ExampleStore.MEL_FRAMES];
        for (int bin = 0; bin < LogMel.BINS && input.logMel() != null; bin++) {
            float[] row = input.logMel()[bin];
            System.arraycopy(
                    row, 0, energies, bin * ExampleStore.MEL_FRAMES, Math.min(row.length, ExampleStore.MEL_FRAMES));
        }
        return energies;
    }

    /** How many clips there are to learn from. */
    public int size() {
        return entries.size();
    }

    /** Ids of clips in which neither a face nor a voice was found. */
    public List<String> unusable() {
        return List.copyOf(unusable);
    }

    @Override
    public ClipTruth truth(int clip) {
        return entries.get(clip).truth();
    }

    @Override
    public byte[] picture(int clip, int frame) {
        return entries.get(clip).pictures()[frame].clone();
    }

    @Override
    public float[] logMel(int clip) {
        return entries.get(clip).logMel().clone();
    }
}
