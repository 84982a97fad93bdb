package io.migr.features;

import io.migr.features.ClipFeatures.Audio;
import io.migr.features.ClipFeatures.Frame;
import io.migr.features.ClipFeatures.Visual;
import io.migr.features.MediaDecoder.Tracks;
import io.migr.features.PictureTrack.Slot;
import io.migr.features.ffmpeg.FfmpegProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes each clip in an FFmpeg child process, within limits. Success depends on what was decoded, not on the exit
 * status. Thread-safe.
 */
public final class FfmpegExtractor implements FeatureExtractor {
    private final FfmpegProgram program;
    private final MediaLimits limits;

    /**
     * Creates an extractor and clears what a killed process left of its clips.
     *
     * @throws UncheckedIOException if the temporary folder is not writable
     */
    public FfmpegExtractor(FfmpegProgram program, MediaLimits limits) {
        ProcessFolder.temporary();
        this.program = program;
        this.limits = limits;
    }

    @Override
    public ClipFeatures extract(byte[] media) throws MediaRejectedException, InterruptedException {
        if (media.length == 0) {
            throw new MediaRejectedException("The media is empty (0 bytes). Send the recording's bytes.");
        }
        if (media.length > limits.bytes()) {
            throw new MediaRejectedException("The media has " + media.length + " bytes, more than the limit of "
                    + limits.bytes() + ". Cut it into shorter segments.");
        }
        String encrypted = Refusal.encrypted(media);
        if (encrypted != null) {
            throw new MediaRejectedException(encrypted);
        }
        Path folder = null;
        try {
            folder = Files.createTempDirectory(ProcessFolder.temporary(), "clip");
            Path input = folder.resolve("media");
            Files.write(input, media);
            DecodingRun run = new DecodingRun(program, limits, folder, input);
            return features(run, media);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "A clip could not be decoded, for no fault of its own: " + e.getMessage(), e);
        } finally {
            delete(folder);
        }
    }

    private ClipFeatures features(DecodingRun run, byte[] media)
            throws IOException, MediaRejectedException, InterruptedException {
        Tracks tracks = new MediaDecoder(run, FrameTimes.guess(media)).decode();
        if (!tracks.log().readable()) {
            throw new MediaRejectedException(Refusal.unreadable(media, tracks.log()));
        }
        double zero = tracks.zero();
        Visual visual = visual(run, tracks, zero);
        Audio audio = audio(tracks, zero);
        if (!visual.present() && !audio.present()) {
            throw new MediaRejectedException(Refusal.nothing(visual.absentReason() + ", and " + audio.absentReason()));
        }
        double seconds = Math.max(
                tracks.pictures() == null ? 0 : tracks.pictures().seconds() - zero,
                audio.samples().length / (double) Audio.SAMPLE_RATE);
        String tooLong = Refusal.tooLong(seconds, tracks, limits);
        if (tooLong != null) {
            throw new MediaRejectedException(tooLong);
        }
        return new ClipFeatures((int) Math.round(seconds * 1000), visual, audio);
    }

    private Visual visual(DecodingRun run, Tracks tracks, double zero) throws IOException {
        String absent = Refusal.noPicture(tracks, limits);
        int frozenMs = tracks.pictures() == null
                ? 0
                : (int) Math.round(tracks.pictures().frozen() * 1000);
        List<Frame> frames = new ArrayList<>();
        for (Slot slot : absent == null ? tracks.pictures().frames() : List.<Slot>of()) {
            byte[] rgb = PictureTrack.rgb(run.pictures(), slot);
            frames.add(new Frame(
                    (int) Math.max(0, Math.round((slot.seconds() - zero) * 1000)), slot.width(), slot.height(), rgb));
        }
        return new Visual(absent, frames, frozenMs);
    }

    private Audio audio(Tracks tracks, double zero) {
        String absent = Refusal.noSound(tracks);
        if (absent != null) {
            return new Audio(absent, new float[0]);
        }
        float[] samples =
                tracks.sound().placed(zero, (limits.seconds() + DecodingRun.SLACK_SECONDS) * Audio.SAMPLE_RATE);
        return new Audio(null, samples);
    }

    private static void delete(Path folder) {
        if (folder == null) {
            return;
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("The temporary folder " + folder + " cannot be deleted.", e);
        }
    }
}
