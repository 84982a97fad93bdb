package io.migr.features;

import io.migr.features.ClipFeatures.Audio;
import io.migr.features.ClipFeatures.Frame;
import io.migr.features.ClipFeatures.Visual;
import io.migr.features.MediaDecoder.Slot;
import io.migr.features.MediaDecoder.Tracks;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes each clip in an FFmpeg child process, within limits. Success depends on what was decoded, not on the exit
 * status; if one track makes the run of both fail, each is decoded alone. Thread-safe.
 */
public final class FfmpegExtractor implements FeatureExtractor {
    private static final float QUALITY = 0.9f;
    private static final int SHORTEST_SAMPLES = 800;

    private final FfmpegProgram program;
    private final MediaLimits limits;
    private final ThreadLocal<LogMel> logMel = ThreadLocal.withInitial(LogMel::new);

    public FfmpegExtractor(FfmpegProgram program, MediaLimits limits) {
        this.program = program;
        this.limits = limits;
    }

    @Override
    public ClipFeatures extract(byte[] media) throws MediaRejectedException, InterruptedException {
        if (media.length == 0) {
            throw new MediaRejectedException(
                    "The media is empty (0 bytes). Send a complete mp4, webm, mkv or mov file.");
        }
        if (media.length > limits.bytes()) {
            throw new MediaRejectedException("The media has " + media.length + " bytes, more than the limit of "
                    + limits.bytes() + ". Cut it into shorter segments.");
        }
        Path folder = null;
        try {
            folder = Files.createTempDirectory("migr-clip");
            Path input = folder.resolve("media");
            Files.write(input, media);
            return features(new MediaDecoder(program, limits, folder, input, FrameTimes.guess(media)));
        } catch (IOException e) {
            throw new UncheckedIOException("Decoding needs a writable temporary folder and FFmpeg.", e);
        } finally {
            delete(folder);
        }
    }

    private ClipFeatures features(MediaDecoder decoding)
            throws IOException, MediaRejectedException, InterruptedException {
        Tracks both = decoding.run(true, true);
        Tracks seen = both;
        Tracks heard = both;
        boolean noFrames = both.frames().isEmpty();
        boolean noSound = both.samples().length == 0;
        if (noFrames && !both.noVideoTrack() && (!noSound || both.noAudioTrack())) {
            seen = decoding.run(true, false);
        }
        if (noSound && !both.noAudioTrack() && (!noFrames || both.noVideoTrack())) {
            heard = decoding.run(false, true);
        }
        if (noFrames && noSound && !both.noVideoTrack() && !both.noAudioTrack()) {
            // the run of both failed, perhaps because of one bad track
            seen = decoding.run(true, false);
            heard = decoding.run(false, true);
        }
        Visual visual = visual(decoding, seen);
        Audio audio = audio(heard);
        if (!visual.present() && !audio.present()) {
            throw new MediaRejectedException("Nothing in the media can be used: " + visual.absentReason() + ", "
                    + audio.absentReason() + (both.errorLine() == null ? "" : " (" + both.errorLine() + ")")
                    + ". Send a complete mp4, webm, mkv or mov file.");
        }
        double seconds = Math.max(seen.seconds(), heard.samples().length / (double) LogMel.SAMPLE_RATE);
        if (seconds > limits.seconds()) {
            throw new MediaRejectedException("The clip is longer than the limit of " + limits.seconds()
                    + " s. Cut it into shorter segments (migr feed does).");
        }
        return new ClipFeatures((int) Math.round(seconds * 1000), visual, audio);
    }

    private static Visual visual(MediaDecoder decoding, Tracks tracks) throws IOException, MediaRejectedException {
        if (tracks.frames().isEmpty()) {
            return new Visual(
                    tracks.noVideoTrack() ? "there is no video track" : "no picture can be decoded", List.of());
        }
        List<Frame> frames = new ArrayList<>();
        for (Slot slot : tracks.frames()) {
            byte[] rgb = decoding.rgb(slot);
            frames.add(new Frame(
                    (int) Math.max(0, Math.round(slot.seconds() * 1000)),
                    Jpeg.of(picture(slot, rgb), QUALITY),
                    slot.width(),
                    slot.height(),
                    rgb));
        }
        return new Visual(null, frames);
    }

    private static BufferedImage picture(Slot slot, byte[] rgb) {
        BufferedImage picture = new BufferedImage(slot.width(), slot.height(), BufferedImage.TYPE_3BYTE_BGR);
        byte[] bgr = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < bgr.length; i += 3) {
            bgr[i] = rgb[i + 2];
            bgr[i + 1] = rgb[i + 1];
            bgr[i + 2] = rgb[i];
        }
        return picture;
    }

    private Audio audio(Tracks tracks) {
        if (tracks.samples().length < SHORTEST_SAMPLES) {
            String reason = tracks.noAudioTrack()
                    ? "there is no audio track"
                    : tracks.samples().length == 0 ? "no sound can be decoded" : "the sound is shorter than 50 ms";
            return new Audio(reason, new float[0], new float[0][]);
        }
        float[] samples = tracks.samples();
        return new Audio(null, samples, logMel.get().of(samples));
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
