package io.migr.cli.serve;

import io.migr.features.CallMedia;
import io.migr.features.MediaRejectedException;
import io.migr.features.Recording;
import io.migr.features.SegmentCutter;
import io.migr.features.SegmentCutter.Receiver;
import io.migr.features.SegmentCutter.Segment;
import io.migr.features.ffmpeg.FfmpegProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A user's file that can be analysed.
 *
 * @param recording its description; null if it is a picture
 * @param picture the only segment of a picture; null if it is a recording
 */
record OwnFile(Path path, Recording recording, Segment picture) {
    private static final int PICTURE_MS = 2000;

    /**
     * Examines a file.
     *
     * @throws IOException if it cannot be analysed; the message says why and what to do
     */
    static OwnFile of(Path path, FfmpegProgram ffmpeg) throws IOException, InterruptedException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a folder. Give each file with a --mine of its own.");
        }
        boolean picture = path.getFileName() != null
                && path.getFileName().toString().toLowerCase(Locale.ROOT).matches(".*\\.(png|jpe?g)");
        if (!picture || !Files.isRegularFile(path) || Files.size(path) == 0) {
            return new OwnFile(path, Recording.of(path, ffmpeg), null);
        }
        try {
            byte[] media = new CallMedia(ffmpeg).ofPicture(path);
            return new OwnFile(path, null, new Segment(media, "video/mp4", 0, PICTURE_MS));
        } catch (MediaRejectedException e) {
            throw new IOException(path + " is not a readable picture. " + e.getMessage(), e);
        }
    }

    /** Passes its segments on as they are cut; returns what could not be read, in words, null if nothing. */
    String cut(SegmentCutter cutter, Receiver receiver) throws IOException, InterruptedException {
        if (picture == null) {
            return cutter.cut(recording, receiver).lost();
        }
        receiver.accept(picture);
        return null;
    }
}
