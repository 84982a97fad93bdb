package io.migr.evaluation.benchmark;

import io.migr.evaluation.benchmark.BenchmarkProblem.Kind;
import io.migr.evaluation.benchmark.FoldListing.Entry;
import io.migr.evaluation.measure.ClipSource;
import io.migr.evaluation.measure.EvaluationClip;
import io.migr.features.ClipFeatures;
import io.migr.features.ClipFeatures.Frame;
import io.migr.features.FeatureExtractor;
import io.migr.features.FrameSampler;
import io.migr.features.MediaLimits;
import io.migr.features.MediaRejectedException;
import io.migr.model.ClipInput;
import io.migr.model.cues.ClipCues;
import io.migr.model.network.LogMel;
import io.migr.model.network.PictureFile;
import io.migr.perception.ClipPerception;
import io.migr.perception.face.RgbFrame;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Clips of a benchmark, decoded as the service decodes the clips of a call. Clips that cannot be decoded are left out
 * and recorded as problems. Reports group the clips by whether face and voice could be used, because the regimes of
 * recordings are unknown.
 */
public final class BenchmarkClips implements ClipSource, AutoCloseable {
    /** Limits above those of the service, because some published clips are whole scenes. */
    public static final MediaLimits LIMITS = new MediaLimits(256 << 20, 120, 3840 * 2160, 120, 4096, 2048);

    private final List<Entry> entries;
    private final FeatureExtractor extractor;
    private final boolean readsCues;
    private final ClipPerception perception;
    private final List<BenchmarkProblem> problems = Collections.synchronizedList(new ArrayList<>());

    /** Clips for a model of pictures and sound. */
    public BenchmarkClips(List<Entry> entries, FeatureExtractor extractor) {
        this(entries, extractor, false);
    }

    /**
     * Clips of a benchmark.
     *
     * @param readsCues whether the model reads what is measured in them, in place of pictures and sound
     */
    public BenchmarkClips(List<Entry> entries, FeatureExtractor extractor, boolean readsCues) {
        this.entries = List.copyOf(entries);
        this.extractor = extractor;
        this.readsCues = readsCues;
        perception = new ClipPerception(readsCues);
    }

    @Override
    public int size() {
        return entries.size();
    }

    /** The clips that could not be decoded so far, in the order of the fold file. */
    public List<BenchmarkProblem> problems() {
        List<String> order = entries.stream().map(Entry::name).toList();
        return problems.stream()
                .sorted(java.util.Comparator.comparingInt(problem -> order.indexOf(problem.what())))
                .toList();
    }

    @Override
    public List<EvaluationClip> read(int from, int to) throws InterruptedException {
        List<EvaluationClip> samples = entries.subList(from, to).parallelStream()
                .map(this::sample)
                .filter(Objects::nonNull)
                .toList();
        if (Thread.interrupted()) {
            throw new InterruptedException("Interrupted while clips were decoded.");
        }
        return samples;
    }

    private EvaluationClip sample(Entry entry) {
        try {
            ClipInput input = Files.isDirectory(entry.media())
                    ? pictures(entry.media())
                    : video(Files.readAllBytes(entry.media()));
            return EvaluationClip.labelled(entry.name(), entry.label(), input);
        } catch (MediaRejectedException e) {
            problems.add(new BenchmarkProblem(Kind.UNUSABLE_VIDEO, entry.name(), e.getMessage()));
        } catch (IOException e) {
            problems.add(
                    new BenchmarkProblem(Kind.UNUSABLE_VIDEO, entry.name(), "it cannot be read: " + e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    private ClipInput video(byte[] media) throws MediaRejectedException, InterruptedException {
        ClipFeatures features = extractor.extract(media);
        if (readsCues) {
            List<RgbFrame> pictures = features.visual().frames().stream()
                    .map(frame -> new RgbFrame(frame.timeMs(), frame.width(), frame.height(), frame.rgb()))
                    .toList();
            return ClipInput.of(new ClipCues(
                            features.visual().present() ? perception.face(pictures) : null,
                            features.audio().present()
                                    ? perception.voice(features.audio().samples())
                                    : null,
                            null)
                    .reading());
        }
        List<byte[]> frames =
                features.visual().frames().stream().map(Frame::jpeg).toList();
        boolean heard = features.audio().present();
        boolean speaks =
                heard && perception.voice(features.audio().samples()).getVoiceActivity() >= ClipInput.VOICE_ACTIVITY;
        return new ClipInput(frames, heard ? new LogMel().of(features.audio().samples()) : null, speaks);
    }

    /** A video that was published as pictures: evenly spaced ones are used, and there is no sound. */
    private ClipInput pictures(Path folder) throws MediaRejectedException, IOException {
        List<Path> all;
        try (Stream<Path> files = Files.list(folder)) {
            all = files.filter(file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(jpe?g|png)"))
                    .sorted()
                    .toList();
        }
        if (all.isEmpty()) {
            throw new MediaRejectedException("The folder " + folder + " contains no pictures.");
        }
        List<byte[]> frames = new ArrayList<>();
        List<RgbFrame> pictures = new ArrayList<>();
        for (int index : Arrays.stream(FrameSampler.uniform(all.size(), FrameSampler.FRAMES))
                .distinct()
                .toArray()) {
            byte[] picture = Files.readAllBytes(all.get(index));
            try {
                BufferedImage decoded = PictureFile.read(picture);
                pictures.add(new RgbFrame(
                        pictures.size(), decoded.getWidth(), decoded.getHeight(), PictureFile.rgb(decoded)));
            } catch (IOException e) {
                throw new MediaRejectedException(all.get(index) + " cannot be used: " + e.getMessage() + ".");
            }
            frames.add(picture);
        }
        return readsCues
                ? ClipInput.of(new ClipCues(perception.face(pictures), null, null).reading())
                : new ClipInput(frames, null, false);
    }

    @Override
    public void close() {
        perception.close();
    }
}
