package io.migr.trainer.feedback;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.migr.corpus.CueAnnotation;
import io.migr.corpus.RenderedClip;
import io.migr.model.ClipInput;
import io.migr.model.CueReading;
import io.migr.model.Dominance;
import io.migr.model.Emotion;
import io.migr.model.analysis.LabelledClipMeter;
import io.migr.model.analysis.LabelledClipMeter.Measures;
import io.migr.model.checkpoint.EmotionModel;
import io.migr.model.network.FramePreprocessor;
import io.migr.model.network.MelWindow;
import io.migr.model.network.PictureFile;
import io.migr.trainer.sft.ClipLibrary;
import io.migr.trainer.sft.MediaFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Labelled clips in the form the network reads, each annotated with what a model measures in it: its action units, its
 * prosody, and which modality counts most for the label. Clips with neither a face nor a voice are left out, because
 * nothing can be learned from them. Annotations are in memory, media in a file of about half a megabyte per clip. For a
 * model of cues the annotation holds what was measured before, and there is no media.
 */
public final class FeedbackLibrary implements ClipLibrary, AutoCloseable {
    /** The file of pictures and sound in the library's folder. */
    public static final String MEDIA = "feedback.windows";

    private static final int BATCH = 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The measurements of a clip.
     *
     * @param leads the modality that counts most for the label; null: neither a face nor a voice was found
     * @param reading what was measured before, for a model of cues; else null
     * @param faceSays the label if the face alone favours it; else null
     * @param voiceSays the label if the voice alone favours it; else null
     */
    record Measured(
            String id,
            long seed,
            Emotion emotion,
            double[] intensities,
            double[] deviations,
            int soundKind,
            Dominance leads,
            CueReading reading,
            Emotion faceSays,
            Emotion voiceSays) {
        CueAnnotation annotation() {
            return reading == null
                    ? CueAnnotation.measured(seed, emotion, intensities, deviations, soundKind, leads)
                    : new CueAnnotation.Reported(seed, emotion, reading, emotion, faceSays, voiceSays, leads, null);
        }
    }

    private final MediaFile media;
    private final List<CueAnnotation> annotations = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final List<String> unusable = new ArrayList<>();

    private FeedbackLibrary(MediaFile media) {
        this.media = media;
    }

    /** Adds clips one by one to a new library; at most one batch of them is held in memory. */
    public static final class Writer implements AutoCloseable {
        private final EmotionModel model;
        private final LabelledClipMeter meter;
        private final Path folder;
        private final MediaFile media;
        private final List<LabelledClip> waiting = new ArrayList<>();
        private final List<String> lines = new ArrayList<>();
        private int written;

        /**
         * Starts an empty library.
         *
         * @param model the model that measures; the library uses its picture size
         * @param folder where the library is written
         */
        public Writer(EmotionModel model, Path folder) throws IOException {
            this.model = model;
            this.folder = folder;
            meter = new LabelledClipMeter(model);
            Files.createDirectories(folder);
            Files.deleteIfExists(folder.resolve("feedback.jsonl"));
            Files.deleteIfExists(folder.resolve(MEDIA));
            media = media(folder, model);
        }

        /**
         * Adds a clip.
         *
         * @throws IllegalArgumentException if a clip of the batch cannot be read or the model does not have its label;
         *     the message contains the clip's id
         */
        public void add(LabelledClip clip) throws IOException {
            waiting.add(clip);
            if (waiting.size() == BATCH) {
                measure();
            }
        }

        private void measure() throws IOException {
            List<Measures> measures = meter.measure(
                    waiting.stream().map(LabelledClip::input).toList(),
                    waiting.stream().map(LabelledClip::emotion).toList());
            for (int i = 0; i < waiting.size(); i++) {
                add(waiting.get(i), measures.get(i));
            }
            waiting.clear();
        }

        private void add(LabelledClip clip, Measures measures) throws IOException {
            boolean nothing = measures.isEmpty();
            if (!nothing && media != null) {
                media.write(
                        written++,
                        media.record(
                                pictures(model, clip.input()),
                                MelWindow.flat(clip.input().logMel(), window(model))));
            }
            lines.add(JSON.writeValueAsString(new Measured(
                    clip.id(),
                    clip.hash(),
                    clip.emotion(),
                    measures.intensities(),
                    measures.deviations(),
                    measures.soundKind(),
                    nothing ? null : measures.importance().dominant(),
                    measures.reading(),
                    measures.faceSays(),
                    measures.voiceSays())));
        }

        /** Completes the library and opens it; an unfinished library does not count as existing. */
        public FeedbackLibrary finish() throws IOException {
            if (!waiting.isEmpty()) {
                measure();
            }
            Path next = folder.resolve("feedback.next");
            Files.write(next, lines);
            Files.move(next, folder.resolve("feedback.jsonl"));
            return open(model, folder);
        }

        @Override
        public void close() throws IOException {
            if (media != null) {
                media.close();
            }
        }
    }

    /** Opens the finished library in a folder; {@code model} must be the model that measured its clips. */
    public static FeedbackLibrary open(EmotionModel model, Path folder) throws IOException {
        FeedbackLibrary library = new FeedbackLibrary(media(folder, model));
        for (String line : Files.readAllLines(folder.resolve("feedback.jsonl"))) {
            Measured one = JSON.readValue(line, Measured.class);
            if (one.leads() == null) {
                library.unusable.add(one.id());
            } else {
                library.ids.add(one.id());
                library.annotations.add(one.annotation());
            }
        }
        return library;
    }

    /** The file of media; null for a model of cues. */
    private static MediaFile media(Path folder, EmotionModel model) throws IOException {
        if (model.config().network().readsCues()) {
            return null;
        }
        return MediaFile.open(
                folder.resolve(MEDIA), model.config().network().vision().image(), window(model));
    }

    /** Frames of the audio tower's window: what a clip has after them is never read. */
    private static int window(EmotionModel model) {
        return 2 * model.config().network().audio().positions();
    }

    private static byte[][] pictures(EmotionModel model, ClipInput input) throws IOException {
        int size = model.config().network().vision().image();
        FramePreprocessor preprocessor =
                new FramePreprocessor(size, model.config().padToSquare());
        byte[][] pictures = new byte[RenderedClip.FRAMES][3 * size * size];
        List<byte[]> frames = input.frames();
        for (int f = 0; f < pictures.length && !frames.isEmpty(); f++) {
            byte[] jpeg = frames.get(f * frames.size() / pictures.length);
            int[] values = preprocessor.resized(PictureFile.read(jpeg));
            for (int i = 0; i < values.length; i++) {
                pictures[f][i] = (byte) values[i];
            }
        }
        return pictures;
    }

    /** Number of usable clips. */
    public int size() {
        return annotations.size();
    }

    /** The id of a clip, as used in topics. */
    public String id(int clip) {
        return ids.get(clip);
    }

    /** Ids of the clips in which neither a face nor a voice was found. */
    public List<String> unusable() {
        return List.copyOf(unusable);
    }

    @Override
    public CueAnnotation annotation(int clip) {
        return annotations.get(clip);
    }

    @Override
    public byte[] picture(int clip, int frame) throws IOException {
        return media.picture(clip, frame);
    }

    @Override
    public float[] logMel(int clip) throws IOException {
        return media.logMel(clip);
    }

    @Override
    public void close() throws IOException {
        if (media != null) {
            media.close();
        }
    }
}
